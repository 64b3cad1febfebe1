"""Who may do what: three questions in three files.

`roles.py` says what a role may ever do, `scope.py` where (a SQL condition), `rules.py` under which circumstances
(predicates over an actor and plain facts). `policy.py` puts them together for the verbs, `guards.py` for the doors.
"""
