"""What the audit log is told about duplicates: codes and ids, never a name."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class DuplicateAsked(
    Event, kind="duplicate.asked", subject="child", words=N_("Asked whether two records are one child")
):
    """A worker asked another one whether two records are of one child."""

    question: UUID
    other: UUID


class DuplicateAnswered(
    Event, kind="duplicate.answered", subject="child", words=N_("Said whether two records are one child")
):
    """The worker of the other record answered; noted at both children."""

    question: UUID
    answer: str


class QuestionOpened(Event, kind="duplicate.opened", subject="child", words=N_("Read a question about two records")):
    """Somebody read a question; noted at the child of the reader's side."""

    question: UUID


class JoinAsked(Event, kind="child.join_asked", subject="child", words=N_("Asked to join two records")):
    """Two records are to be joined; noted at both children."""

    join: UUID
    kept: str
    joined: str


class ChildrenJoined(Event, kind="child.joined", subject="child", words=N_("Joined two records")):
    """Two records were joined; noted at both children."""

    join: UUID
    kept: str
    joined: str
    rows: int


class ChildrenParted(Event, kind="child.parted", subject="child", words=N_("Parted two records again")):
    """Two records were parted; noted at both children."""

    join: UUID
    kept: str
    joined: str


class JoinOpened(Event, kind="child.join_opened", subject="child", words=N_("Read how two records were joined")):
    """Somebody read of a join."""

    join: UUID


class RecordsCompared(Event, kind="child.compared", subject="child", words=N_("Compared two records")):
    """Somebody read two records beside each other."""
