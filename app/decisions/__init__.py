"""Decisions of the panel: where a child will live, why it is necessary, and why this home is the suitable one.

A *decision* names who sat, the grounds, the options in their order of preference, what the child said, the brothers
and sisters, and the distance from home. It is a draft, then asked for, then approved or returned by somebody else.
An entry into residential care is the State's to decide; without it the placement is refused (the *gate*). A child may
leave it for a family without one, with a written reason, and the decision follows. For a foster placement the
*matching* proposes families and says why; a person chooses.
"""
