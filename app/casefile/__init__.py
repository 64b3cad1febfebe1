"""The child's file on one screen: who, where, how far on the way home, what is next, and the story so far.

It reads what the domains of the case work say of a child and writes nothing. The way home has twelve steps, from the
opened case to its closing; `rules.steps` says of each whether it is done, waits, is next, or is not needed.
"""
