"""Finding out that two records are of one child, and what follows: asking, joining, parting.

Who may be the same is looked for in the whole country (`app.children.duplicates`). Whoever finds a likely record in
another district does not open it: a **question** goes to the worker who is responsible there, who answers same, not the
same, or cannot say. Two records of one child are **joined**: one is kept, the other is closed and leads to it, and all
that was written about the child belongs to the kept record. Every row that moved is remembered, so that **parting**
puts everything back. A join is asked, agreed by the supervisor of each district concerned, done, and perhaps parted.
"""
