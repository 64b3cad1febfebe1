"""Paper: what is printed of a file, with as little of it as the receiver needs.

A sheet carries code and initials unless its reader needs the name; who printed it and when stands on every page and
through it, and every print is an event of the audit log.
"""
