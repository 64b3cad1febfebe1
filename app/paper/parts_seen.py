"""What was asked and answered, seen on visits, and put into the file."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.documents.queries import documents_of
from app.instruments.queries import definition_of, newest_of_each
from app.instruments.rules import shown, told
from app.instruments.schemas import AnswersFile
from app.paper.copies import Copy
from app.visits.queries import worried_visits_of
from app.visits.schemas import VisitRow
from app.visits.sessions import session_items_of
from app.visits.words import WellbeingDomain, wellbeing_label

MOST_VISITS = 10


def answers(db: Session, actor: Actor, child_id: UUID, copy: Copy) -> list[Part]:
    """Of each form the newest submitted answers, each in the version in which it was asked; one statement.

    Psychological ones only for whom they open, and never out of the service.
    """
    found = newest_of_each(db, actor, child_id)
    return [_form(one, copy) for one in found if not (one.sensitive and copy.outside)]


def _form(one: AnswersFile, copy: Copy) -> Part:
    definition = definition_of(one)
    asked = shown(definition, one.answers)
    answered = [(question, told(question, one.answers.get(key))) for key, question in asked.items()]
    return Part(
        title=definition.title.label,
        facts=copy.facts(
            [
                (_("Household"), one.household_named if copy.names else one.household_code),
                (_("Submitted"), day(one.submitted_at)),
                (_("Submitted by"), one.submitted_by),
            ]
        ),
        head=[_("Question"), _("The answer")],
        rows=[[question.text.label, copy.told(words)] for question, words in answered if words],
    )


def visits(rows: list[VisitRow]) -> Part:
    """The last visits."""
    return Part(
        title=_("The last visits"),
        head=[_("Day"), _("Kind"), _("The child was seen"), _("Safety")],
        rows=[
            [day(one.visited_on), one.kind.label, _seen(one), one.safe.label if one.safe else "–"]
            for one in rows[:MOST_VISITS]
        ],
    )


def worries(db: Session, child_id: UUID, copy: Copy) -> Part:
    """What visits found to be wrong, in the visitor's words; it stays inside the service. One statement."""
    found = [] if copy.outside else worried_visits_of(db, child_id)
    return Part(
        title=_("Worries"),
        head=[_("Day"), _("Why the child may not be safe"), _("In own words")],
        rows=[[day(one.visited_on), copy.words(one.safe_why), copy.words(one.worry_words)] for one in found],
    )


def _seen(visit: VisitRow) -> str:
    if visit.child_seen:
        return _("Yes")
    return ", ".join(filter(None, (_("No"), visit.not_seen_reason and visit.not_seen_reason.label)))


def wellbeing(rows: list[VisitRow]) -> Part:
    """How the child was on the last visit on which that was looked at."""
    last = next((one for one in rows if one.wellbeing), None)
    if last is None:
        return Part(title=_("Wellbeing"))
    found = last.wellbeing
    facts = [(domain.label, wellbeing_label(found[domain])) for domain in WellbeingDomain if domain in found]
    return Part(title=_("Wellbeing"), facts=[(_("Day"), day(last.visited_on)), *facts])


def sessions(db: Session, actor: Actor, child_id: UUID) -> Part:
    """That psychological sessions took place; no word of what was said in them."""
    return Part(
        title=_("Psychological sessions"),
        head=[_("Day"), _("Kind")],
        rows=[[day(one.when), one.text or "–"] for one in session_items_of(db, actor, child_id)],
    )


def documents(db: Session, child_id: UUID) -> Part:
    """The documents as a list; one statement."""
    return Part(
        title=_("Documents"),
        head=[_("What it is"), _("Written or taken"), _("Added"), _("File")],
        rows=[
            [one.kind.label, day(one.dated_on), day(one.created_at), one.file.label]
            for one in documents_of(db, child_id)
        ],
    )
