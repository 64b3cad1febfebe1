"""Tracing: the search for a child's family, and the relatives that it finds.

A *tracing request* says what is known; one is open at a time. *Actions* are what was done, each with what comes next,
which becomes a task. It ends as found, not found or closed with a reason. A *relative* has a relationship, a
willingness to care, the child's own wish, a verification, and the contacts that prepare a reunion. Nobody visits with a
child before the relative is verified, against the child's wish, or while there is a worry about safety. A verified
relative can become a household.
"""
