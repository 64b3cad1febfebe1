"""How placements were prepared, and what surrounds them."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.formats import day, number
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.paper.copies import Copy
from app.placements.inside_queries import around_of
from app.placements.inside_schemas import LegalActRow, PreparationDetail, TimeAwayRow
from app.placements.preparing import preparations_of


def prepared(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """Each preparation that was not given up, with its steps; two statements."""
    return [_preparation(one, copy) for one in preparations_of(db, child_id) if one.dropped_on is None]


def _preparation(preparation: PreparationDetail, copy: Copy) -> Part:
    return Part(
        title=_("Preparing a placement"),
        facts=[
            (_("Kind of placement"), preparation.kind.label),
            (_("Planned for"), day(preparation.planned_on)),
        ],
        head=[_("What"), _("Done on"), _("Note")],
        rows=[[one.label, day(one.done_on) or "–", copy.words(one.note)] for one in preparation.steps],
    )


def around(db: Session, child_id: UUID, copy: Copy) -> list[Part]:
    """What was given for the start, what makes placements lawful, and times away; three statements."""
    found = around_of(db, child_id)
    return [
        Part(
            title=_("Start package"),
            head=[_("Given on"), _("What"), _("Rwf"), _("Paid by")],
            rows=[
                [day(one.given_on), copy.told(f"{one.quantity} × {one.item}"), number(one.amount_rwf), one.source.label]
                for one in found.support
            ],
        ),
        Part(
            title=_("Legal acts"),
            head=[_("Day"), _("What"), _("Number"), _("Decided by")],
            rows=[[day(one.decided_on), one.kind.label, *_authority(one, copy)] for one in found.legal_acts],
        ),
        Part(
            title=_("Times away"),
            head=[_("Since"), _("Until"), _("What")],
            rows=[[day(one.from_on), day(one.until_on) or "–", _away(one, copy)] for one in found.times_away],
        ),
    ]


def _authority(one: LegalActRow, copy: Copy) -> tuple[str, str]:
    # Which office decided tells where the child lives, and under which number, who it is: both stay inside the service.
    return ("–", "–") if copy.outside else (one.number, copy.told(one.body))


def _away(one: TimeAwayRow, copy: Copy) -> str:
    # Where a child was is an address: it stays inside the service.
    place = None if copy.outside else copy.told(one.place)
    return ", ".join(filter(None, (one.kind.label, place)))
