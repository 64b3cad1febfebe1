"""Approvals: what somebody wrote and somebody else must agree to.

An approval is asked for by the author of an assessment, a decision, a plan or a closure, waits for the supervisor of
the district (or, where the State decides, for the national manager), and is approved or returned with a reason. Nobody
decides what they wrote themselves. What follows from a decision is the business of the domain whose record it is: it
registers an effect with `service.on_decision`.
"""
