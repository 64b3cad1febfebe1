"""What is due: a task belongs to a post, or to whoever serves a village, and is about a child.

Its states: open, done (by the record that did it), or cancelled with a reason. A task is *overdue* when its day and
the days of tolerance after it have passed. Tasks are planned and closed by the verbs of other domains: a placement
plans its visits, a visit closes the one that it was.
"""
