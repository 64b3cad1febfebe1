"""Who works here: accounts, posts, appointments and sign-ins.

An *account* is a person who signs in. A *post* is a role at a place or in an institution; caseload and inbox
belong to it. An *appointment* says that a person holds a post from a day, until a day. A *sign-in* is a
browser's session or a bearer token, acting in one post; it ends by itself (idle, expired) or is *revoked*
(signed out, account disabled, password changed, post left).
"""
