"""Consent and the legal basis: what may be done with a child's information, and what must not be told to whom.

One entry says for one purpose (services, sharing with a named organisation, tracing, reporting) who agreed or refused,
by word of mouth or in writing, what the child says to it, and on which basis the work rests. The newest answer stands.
A refusal, a withdrawal and the child's own no block the sharing, unless a vital interest (or another basis than
consent) was written down with its reason and the supervisor of the district agreed, with a reason of their own.
Below sixteen the holder of parental responsibility consents (Law 058/2021, article 9), and the child is asked. The
bases and what follows from them are a proposal of the programme for Rwandan lawyers to look at.
"""
