"""Identifiers: UUIDv7 for records, short codes without look-alikes for what people read aloud."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, and no U, V or vowels that would spell words.
CODE_ALPHABET = "34679CDFGHJKMNPQRTWXY"


def new_id() -> UUID:
    """A new time-ordered identifier; an offline client makes its own the same way."""
    return uuid7()


def new_code(prefix: str) -> str:
    """A random code such as `TMM-7K3Q9D` or `REF-H4WX3C`: 21^6, about 86 million, a prefix."""
    return f"{prefix}-{''.join(secrets.choice(CODE_ALPHABET) for _ in range(6))}"
