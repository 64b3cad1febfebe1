"""The register of institutions: houses where children live, registered or not, and the way to their closure.

An institution stands in a sector and belongs to its district. Its closure goes through nine stages, from
"identified" to "taken off the register"; each change of the stage keeps its day. Who lives there is told by
open placements, so the page of an institution with its residents is drawn one floor up, in `app.children`.
"""
