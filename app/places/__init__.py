"""Where: the country, its provinces, districts, sectors, cells and villages, keyed by their NISR codes.

A *release* is an edition of the official list. Loading a newer one renames, adds and ends places but never
forgets one: a place that is *renamed* keeps its former names, one that has *ended* keeps the records that
name it, and a *succession* says what it became. An *alias* is another spelling that people search by.
"""
