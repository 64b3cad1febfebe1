"""What the audit log is told about supervision."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class CaseloadsRead(Event, kind="caseload.board_read", words=N_("Looked at the caseloads of a district")):
    """The board of caseloads was opened."""


class CaseloadRead(Event, kind="caseload.read", subject="post", words=N_("Looked at a caseload")):
    """The children of a post were listed."""

    children: list[UUID]


class ChildHandedOver(Event, kind="child.handed_over", subject="child", words=N_("Gave a child to another worker")):
    """A child passed to another post, with a note."""

    from_post: UUID | None
    to_post: UUID
    hand_over: UUID


class HandOverRead(Event, kind="child.hand_over_read", subject="child", words=N_("Read a hand-over")):
    """The next worker read the note."""

    hand_over: UUID


class PostCovered(Event, kind="post.covered", subject="post", words=N_("Let somebody cover a post")):
    """A colleague holds a post as well until a day."""

    account: UUID
    starts_on: date
    ends_on: date


class CoverEnded(Event, kind="post.cover_ended", subject="post", words=N_("Ended the cover of a post")):
    """A cover ended before its day."""

    account: UUID


class ConferenceHeld(Event, kind="conference.held", subject="child", words=N_("Recorded a case conference")):
    """The minutes of a conference were recorded."""

    conference: UUID
    actions: int


class ConferenceOpened(Event, kind="conference.opened", subject="child", words=N_("Opened a case conference")):
    """The minutes of a conference, or the list of conferences, were read."""

    conference: UUID | None


class ConferenceActionReopened(
    Event, kind="conference.action_reopened", subject="child", words=N_("Opened again what a conference agreed")
):
    """An action of a conference is not done after all."""

    action: UUID


class ConferenceActionDone(
    Event, kind="conference.action_done", subject="child", words=N_("Did what a conference agreed")
):
    """An action of a conference is done."""

    action: UUID
