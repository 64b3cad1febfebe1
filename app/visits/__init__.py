"""Visits to a child in a placement, and the child's own page.

A schedule for each kind of placement says after how many days visits are due; starting a placement plans them as
tasks. A visit *counts* only if the child was seen: then it does the task it was for. A visit without the child is
kept with the reason, and the task stays open. Wellbeing has fifteen domains, each 1 (very bad) to 4 (good) or not
assessed, which is never a zero.
"""
