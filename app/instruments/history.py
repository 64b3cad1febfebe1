"""What the forms tell of a child: items of the timeline, and what stands at the top of the child's page."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.instruments.queries import answers_of, definition_of
from app.instruments.schemas import AnswersRow
from app.instruments.words import AnswersState

WORRYING = "worrying"


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The submitted sets about a child whom the caller has opened; one statement."""
    return [_item(row) for row in answers_of(db, actor, child_id) if row.state is AnswersState.SUBMITTED]


def _item(row: AnswersRow) -> Item:
    worries = row.scores.get(WORRYING)
    text = ngettext("%(num)s thing is bad", "%(num)s things are bad", worries) % {"num": worries} if worries else None
    return Item(
        when=row.submitted_at or row.started_at,
        title=_("Submitted: %(form)s") % {"form": definition_of(row).title.label},
        text=text,
        meta=[told for told in (_about(row), row.submitted_by) if told],
        icon="clipboard-list",
        tone="due" if worries else "done",
        href=f"/answers/{row.id}",
    )


def _about(row: AnswersRow) -> str | None:
    return _("Household: %(household)s") % {"household": row.household_named} if row.household_named else None


def summary_of(db: Session, actor: Actor, child_id: UUID) -> dict[str, AnswersRow]:
    """Of each form the newest set about a child whom the caller has opened, a draft before what it follows."""
    newest: dict[str, AnswersRow] = {}
    for row in answers_of(db, actor, child_id):
        newest.setdefault(row.instrument, row)
    return newest
