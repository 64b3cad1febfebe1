"""Supervision: whose load is how heavy, what is late and why, and how work passes from one person to another.

A caseload belongs to a post. Children are reassigned one or many with a hand-over note that the next worker reads; a
post is covered during leave by appointing a colleague to it until a day; a case conference keeps minutes and gives
out tasks.
"""
