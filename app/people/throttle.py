"""Slowing down whoever guesses passwords, without letting them lock a person out.

Wrong passwords are counted for a username from one address, for an address, and for a username from anywhere.
A browser that signed in to the account before carries a signed cookie and has a count of its own: none of the
others meets it, so strangers cannot use up a person's tries, not even from the same office.
"""

import ipaddress
import time
from functools import lru_cache

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.config import get_settings

PER_USERNAME_AND_ADDRESS = parse("5 per 15 minutes")
PER_DEVICE = parse("5 per 15 minutes")
PER_ADDRESS = parse("30 per 15 minutes")
PER_USERNAME = parse("50 per 15 minutes")

Key = tuple[RateLimitItem, str, str, str]


class Throttle:
    """Counts of the last fifteen minutes, in memory or wherever `uri` says."""

    def __init__(self, uri: str) -> None:
        self._limiter = MovingWindowRateLimiter(storage_from_string(uri))

    def admit(self, username: str, address: str, device: str | None) -> int | None:
        """None when a try may go on, else the seconds to wait. A try counts as wrong until it is right."""
        for item, *names in _wide(username, address, device):
            if not self._limiter.test(item, *names):
                return self._wait(item, *names)
        # The narrow count goes first and in one step, so that tries at the same moment cannot slip through.
        item, *names = _narrow(username, address, device)
        return None if self._limiter.hit(item, *names) else self._wait(item, *names)

    def failed(self, username: str, address: str, device: str | None) -> None:
        """A password was wrong."""
        for item, *names in _wide(username, address, device):
            self._limiter.hit(item, *names)

    def succeeded(self, username: str, address: str, device: str | None) -> None:
        """A password was right: what this person mistyped before is forgotten."""
        item, *names = _narrow(username, address, device)
        self._limiter.clear(item, *names)

    def forget(self) -> None:
        """Forgets every count."""
        self._limiter.storage.reset()

    def _wait(self, item: RateLimitItem, *names: str) -> int:
        return max(1, round(self._limiter.get_window_stats(item, *names).reset_time - time.time()))


def _narrow(username: str, address: str, device: str | None) -> Key:
    if device is not None:
        return PER_DEVICE, "device", username, device
    return PER_USERNAME_AND_ADDRESS, "both", username, _network(address)


def _wide(username: str, address: str, device: str | None) -> list[Key]:
    if device is not None:
        return []
    return [(PER_ADDRESS, "address", _network(address), ""), (PER_USERNAME, "username", username, "")]


def _network(address: str) -> str:
    """One household's addresses count as one: a customer of IPv6 has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


@lru_cache
def shared() -> Throttle:
    """The throttle of this process."""
    return Throttle(get_settings().rate_limit_storage)
