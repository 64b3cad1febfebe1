"""Who the child is, the case, where the child lived, and the family that was found.

Health stands on no sheet at all, and where people live on none that leaves the service.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.queries import case_of, concerns_of, ratings_of
from app.cases.schemas import CaseSummary
from app.children.schemas import ChildFile
from app.core.formats import day, label
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.paper.copies import Copy
from app.placements.schemas import PlacementRow
from app.record.queries import addresses_of, parts_of
from app.record.schemas import PARTS, AddressRow
from app.record.shown import rows_of, years
from app.record.words import RecordGroup
from app.tracing.queries import read_tracing
from app.tracing.schemas import RelativeRow

_PARENTS_NAMES = ("mother_name", "father_name")


def facts_of(child: ChildFile, copy: Copy) -> Part:
    """What a sheet begins with; the village of a child without a name would tell a stranger who it is."""
    origin = [(_("Comes from"), child.origin or "–")] if copy.names or not copy.outside else []
    return Part(
        title=_("Who the child is"),
        facts=[
            (_("Code"), child.code or "–"),
            (_("Sex"), label(child.sex)),
            (_("Age"), child.age_text or "–"),
            *origin,
            (_("Lives"), label(child.lives_as)),
            (_("Since"), day(child.lives_since)),
            (_("Responsible"), child.responsible or "–"),
        ],
    )


def record_of(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """What was written of names, birth, parents, languages and school."""
    written = parts_of(db, child_id)
    made = []
    for group in RecordGroup:
        if group is RecordGroup.NAMES and not copy.names:
            continue
        content = written.get(group, {})
        if not copy.names:
            content = {name: value for name, value in content.items() if name not in _PARENTS_NAMES}
        if copy.outside:
            content = {name: value for name, value in content.items() if name != "religion"}
        made.append(Part(title=group.label, facts=copy.facts(rows_of(PARTS[group].model_validate(content)))))
    return made


def case_parts(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """The case, how its risk was rated, and the worries; three statements."""
    case = case_of(db, child_id)
    if case is None:
        return []
    return [_case(case), _risk(db, case, copy), _concerns(db, case, copy)]


def case_part(db: Session, child_id: UUID) -> Part:
    """The case in a few facts."""
    case = case_of(db, child_id)
    return _case(case) if case else Part(title=_("The case"), empty=_("No open case"))


def _case(case: CaseSummary) -> Part:
    facts = [
        (_("Code"), case.code),
        (_("Where it stands"), case.state.label),
        (_("Risk"), label(case.risk)),
        (_("Who follows the case"), case.tier.label),
        (_("Opened"), day(case.opened_on)),
    ]
    if case.closed_on:
        facts += [
            (_("Closed"), day(case.closed_on)),
            (_("Why"), case.closing_reason.label if case.closing_reason else "–"),
        ]
    return Part(title=_("The case"), facts=facts)


def _risk(db: Session, case: CaseSummary, copy: Copy) -> Part:
    return Part(
        title=_("How the risk was rated"),
        head=[_("Day"), _("Risk"), _("Why")],
        rows=[[day(one.rated_at), one.risk.label, copy.words(one.reason)] for one in ratings_of(db, case.id)],
    )


def _concerns(db: Session, case: CaseSummary, copy: Copy) -> Part:
    return Part(
        title=_("Concerns"),
        head=[_("Day"), _("What"), _("Through whom?"), _("Note")],
        rows=[
            [day(one.identified_on), one.concern.label, one.source.label, copy.words(one.note)]
            for one in concerns_of(db, case.id)
        ],
    )


def lived(placements: list[PlacementRow]) -> Part:
    """Every placement, with why it began and why it ended."""
    return Part(
        title=_("Where the child lived"),
        head=[_("Since"), _("Until"), _("What"), _("Why the child came into care"), _("Why it ended")],
        rows=[
            [
                day(one.started_on),
                day(one.ended_on),
                ", ".join(filter(None, (one.kind.label, one.institution_name))),
                label(one.entry_reason),
                label(one.end_reason),
            ]
            for one in placements
        ],
    )


def addresses(db: Session, child_id: UUID, copy: Copy) -> Part:
    """Where the child lived before the file began: only under the name, and only inside the service."""
    rows = addresses_of(db, child_id) if copy.names and not copy.outside else []
    return Part(
        title=_("Where the child lived before"),
        head=[_("Where"), _("With whom?"), _("When")],
        rows=[[_place(one), one.with_whom or "–", years(one) or "–"] for one in rows],
    )


def _place(address: AddressRow) -> str:
    return ", ".join(filter(None, (address.place_path, address.words))) or "–"


def family(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """How the search for the family ended, who was found, and what was done; three statements."""
    found = read_tracing(db, child_id)
    name = [_("Name")] if copy.names else []
    return [
        Part(
            title=_("The search for the family"),
            head=[_("Opened"), _("Where it stands"), _("Ended"), _("Why")],
            rows=[
                [day(one.opened_on), one.state.label, day(one.ended_on), copy.words(one.reason)]
                for one in found.searches
            ],
        ),
        Part(
            title=_("Relatives"),
            head=[*name, _("What are they to the child?"), _("They said"), _("The child")],
            rows=[_relative(one, copy) for one in found.relatives],
        ),
        Part(
            title=_("What was done to find the family"),
            head=[_("Day"), _("What"), _("What came of it")],
            rows=[[day(one.done_on), one.kind.label, copy.words(one.outcome)] for one in found.actions],
        ),
    ]


def _relative(one: RelativeRow, copy: Copy) -> list[str]:
    name = [one.name] if copy.names else []
    kin = [one.relationship.label, one.alive.label, one.verification.label]
    worry = _("There is a worry about the child's safety with this person") if one.safety_concern else None
    said = filter(None, (one.willing.label, one.willing_note and copy.told(one.willing_note), worry))
    child = filter(None, (one.wish.label, one.wish_words and copy.told(one.wish_words)))
    return [*name, ", ".join(kin), ". ".join(said), ". ".join(child)]
