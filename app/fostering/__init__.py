"""Foster families (Malayika Murinzi): how a family comes to be one, what it can do, and how long that holds.

A family *applies*, is *checked* (criminal record, references, home), *trained*, and *approved* by somebody else than
the worker who asks; from then on it is *available*, or *paused* for a while. The approval is *renewed* before it ends,
or the family is *withdrawn*. Each step is a dated line with who and what was found, and is never changed.
"""
