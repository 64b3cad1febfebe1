"""What happened: every change, every read of an identified record, every refusal, every sign-in.

An event is written in the transaction of what it tells of. Soon after, the worker seals events in batches into a
chain of hashes (`chain.py`), so that no request waits for another, and keeps the head of the chain in a file that
the database cannot reach. `tubarerere audit verify` finds what was edited, deleted, reordered or cut off.
"""
