"""Cases: the six steps from the first word about a child to the day the file is closed.

A child has at most one open case: registered, assessed, planned, in implementation, under follow-up, closed; a closed
one can be opened again with a reason. A case has a risk, which is rated again over time and starts clocks; a tier,
which says who holds it; concerns, each with where and when it was seen; and it moves to another district only when that
district accepts it. The child's post (`children.responsible_post_id`) is the case's post.
"""
