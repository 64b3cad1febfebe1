"""Institutions to their last day: what stands between a house full of children and the day on which it is empty.

A *stage* says how far a house is on the way to closure, from identified (0) to taken off the register (8); the history
of stages is only added to, forward one at a time with evidence, back with a reason. From stage 2 on there is a
*moratorium*: any admission dated after it is a *breach*, which stays an alert until a supervisor has looked into it.
The *board* shows each resident by *readiness*, how far on the way home. A *census* is a dated list of who sleeps in
the house, draft → counted → reconciled; it is held against the placements of that night and never changes one by
itself. A *claim* is what a manager reports of admissions and exits, reported → accepted or rejected; it
becomes a fact only when a worker has checked it. The *transformation plan* says what the house becomes, and where
money, buildings and staff go; the national manager approves it before children move.
"""
