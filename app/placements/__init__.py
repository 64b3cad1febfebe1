"""Placements: episodes of residence and care. Each has a kind, a start, and when it is over an end with its reason.

*Residential* placements are in an institution; *family* placements with a household; a few have neither, such as
independent living. A child has one open placement at most, and no two ever overlap, so that "where did this child
live on that day" has one answer. A *move* ends the former placement on the day the new one starts.
States: open, ended (planned or not).
"""
