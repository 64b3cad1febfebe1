"""Typed events. A domain declares its own in its `events.py`: the class is the kind, the fields are the content."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

EVENT_KINDS: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """Something that happened to a subject. `class ChildOpened(Event, kind="child.opened", subject="child")`.

    `words` is what an auditor reads for the kind; the first events have theirs in `words.KINDS`.

    Fields hold only what an auditor may see: ids, codes, statuses and the names of changed fields, never narrative
    or names of children.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    subject_kind: ClassVar[str | None]
    words: ClassVar[str | None]

    def __init_subclass__(
        cls, *, kind: str, subject: str | None = None, words: str | None = None, **further: Any
    ) -> None:
        super().__init_subclass__(**further)
        if kind in EVENT_KINDS:
            message = f"two events are called {kind!r}"
            raise TypeError(message)
        cls.kind = kind
        cls.subject_kind = subject
        cls.words = words
        EVENT_KINDS[kind] = cls


class Refused(Event, kind="access.refused"):
    """Somebody asked for what is not theirs, or for what does not exist in their reach."""

    method: str
    path: str
    status: int
    reason: str


class SignedIn(Event, kind="account.signed_in", subject="account"):
    """A password was right; by browser or token."""

    how: str


class SignInFailed(Event, kind="account.sign_in_failed", subject="account"):
    """A password was wrong, or the account is unknown, disabled or throttled."""

    username: str
    why: str


class RecordsListed(Event, kind="records.listed"):
    """A list of identified records was opened: which list, with which filter, how many rows."""

    what: str
    filter: dict[str, str | None]
    rows: int
    ids: list[UUID] = []


class AuditEventOpened(Event, kind="audit.event_opened"):
    """An event of this log was opened."""

    event_id: int
