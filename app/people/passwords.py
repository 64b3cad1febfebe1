"""Passwords: Argon2id through passlib's interface, and never more hashes at once than memory is meant for."""

from threading import BoundedSemaphore

from passlib.context import CryptContext

context = CryptContext(schemes=["argon2"])
"""The library's own costs (64 MiB, three passes); tests put cheaper ones in with `context.update`."""

# Each hash takes its memory for a fifth of a second: forty people at once would take 2.5 GiB.
_room = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """What is stored of a password."""
    with _room:
        hashed: str = context.hash(password)
    return hashed


def check_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether a password is right, and a new hash to store where the old one was made with lower costs.

    Without a stored hash (nobody has that username) it takes as long and is wrong.
    """
    with _room:
        if stored is None:
            context.dummy_verify()
            return False, None
        right, better = context.verify_and_update(password, stored)
    return bool(right), better
