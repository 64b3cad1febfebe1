"""Documents and photographs of a child.

What a file is, is told by what is in it, not by its name. Pictures are decoded, made anew and so freed of positions
and other hidden notes; PDF and office files are kept as they are, after a look inside. All are sealed before they
reach the store (a folder, or one that speaks S3), and leave it only through a route that asks who is reading and
notes it. A document is never deleted: it is withdrawn, with a reason, and its content is not given out any more.
"""
