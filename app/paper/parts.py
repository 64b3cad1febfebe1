"""What stands on each sheet, from the reads of the domains."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.casefile.history import story
from app.casefile.words import Show
from app.cases.words import CaseState, Risk
from app.children.rules import age_text, initials
from app.children.schemas import ChildFile
from app.children.words import BirthPrecision, PlacementKind
from app.core import clock
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.sheets import Part
from app.paper import parts_placed, parts_plan, parts_seen, parts_who
from app.paper.copies import Copy, filled
from app.paper.words import SheetKind
from app.placements.queries import placements_of
from app.placements.schemas import PlacementRow
from app.tasks.queries import open_tasks_of_child
from app.visits.queries import visits_of
from app.visits.words import WellbeingDomain, wellbeing_label

ROOM_TO_WRITE = 6


def of_sheet(db: Session, actor: Actor, child: ChildFile, kind: SheetKind, copy: Copy) -> list[Part]:
    """The parts of a sheet of a child's file in which something stands."""
    return filled(_MAKERS[kind](db, actor, child, copy))


def _case_file(db: Session, actor: Actor, child: ChildFile, copy: Copy) -> list[Part]:
    """The whole file, in the order in which a reader who does not know the child asks."""
    placements = placements_of(db, actor, child.id)
    visits = visits_of(db, actor, child.id)
    return [
        parts_who.facts_of(child, copy),
        *parts_who.record_of(db, child.id, copy),
        *parts_who.case_parts(db, child.id, copy),
        parts_who.lived(placements),
        parts_who.addresses(db, child.id, copy),
        *parts_plan.decisions(db, actor, child.id, copy),
        *parts_placed.prepared(db, child.id, copy),
        *parts_placed.around(db, child.id, copy),
        *parts_plan.plan_in_force(db, child.id, copy),
        *parts_plan.consents(db, child.id, copy),
        *parts_who.family(db, child.id, copy),
        *parts_seen.answers(db, actor, child.id, copy),
        parts_seen.visits(visits),
        parts_seen.worries(db, child.id, copy),
        parts_seen.wellbeing(visits),
        parts_seen.sessions(db, actor, child.id),
        parts_plan.services(db, actor, child.id, copy),
        parts_seen.documents(db, child.id),
        _due(db, actor, child),
        _story(db, actor, child, placements, copy),
    ]


def _visit_form(db: Session, actor: Actor, child: ChildFile, _copy: Copy) -> list[Part]:
    visits = [visit for visit in visits_of(db, actor, child.id) if visit.wellbeing][:1]
    last = visits[0].wellbeing if visits else {}
    found = [[domain.label, wellbeing_label(last[domain]) if domain in last else "–"] for domain in WellbeingDomain]
    return [
        Part(
            title=_("The visit"),
            boxes=[
                _("The child was seen"),
                _("The child was seen alone"),
                _("The child is safe"),
                _("The child is not safe, or I am not sure: call the supervisor today"),
            ],
            facts=[(_("Day"), "…………………………"), (_("Who was met"), "…………………………")],
        ),
        Part(
            title=_("Wellbeing"),
            head=[_("What"), _("Last time"), "1", "2", "3", "4"],
            rows=[[*row, "□", "□", "□", "□"] for row in found],
        ),
        Part(title=_("What the child said"), lines=ROOM_TO_WRITE),
        Part(title=_("Worries, and what was agreed"), lines=ROOM_TO_WRITE),
    ]


def _hand_over(db: Session, actor: Actor, child: ChildFile, copy: Copy) -> list[Part]:
    return [
        parts_who.facts_of(child, copy),
        parts_who.case_part(db, child.id),
        *parts_plan.plan_in_force(db, child.id, copy),
        _due(db, actor, child),
        parts_seen.visits(visits_of(db, actor, child.id)),
        parts_plan.withheld(db, child.id, copy),
        Part(title=_("What the next worker has to know"), lines=ROOM_TO_WRITE),
    ]


_MAKERS: dict[SheetKind, Callable[[Session, Actor, ChildFile, Copy], list[Part]]] = {
    SheetKind.CASE_FILE: _case_file,
    SheetKind.VISIT_FORM: _visit_form,
    SheetKind.HAND_OVER: _hand_over,
}


def of_caseload(rows: Sequence[Row[Any]]) -> Part:
    """A caseload as a table, with codes and initials."""
    today = clock.today()
    return Part(
        title=_("Children"),
        head=[_("Code"), _("Age"), _("Case"), _("Lives"), _("Last seen"), _("Next due")],
        rows=[
            [
                f"{row.code} {initials(row.given_name, row.family_name)}",
                age_text(row.born_on, BirthPrecision(row.birth_precision), today),
                ", ".join(
                    part
                    for part in (
                        CaseState(row.case_state).label if row.case_state else _("No open case"),
                        Risk(row.risk).label if row.risk else None,
                    )
                    if part
                ),
                PlacementKind(row.lives_as).label if row.lives_as else "–",
                day(row.last_seen_on),
                day(row.next_due_on),
            ]
            for row in rows
        ],
        empty="" if rows else _("No child is in this caseload."),
    )


def _due(db: Session, actor: Actor, child: ChildFile) -> Part:
    tasks = open_tasks_of_child(db, actor, child.id)
    return Part(
        title=_("What is to be done"),
        head=[_("Until"), _("What")],
        rows=[[day(task.last_day), task.kind.label] for task in tasks],
        empty="" if tasks else _("Nothing is due."),
    )


def _story(db: Session, actor: Actor, child: ChildFile, placements: list[PlacementRow], copy: Copy) -> Part:
    items = story(db, actor, child.id, child.created_at, placements, Show.ALL)
    told = [[part.rstrip(".") for part in (item.title, item.text, *item.meta) if part] for item in items]
    return Part(
        title=_("What happened"),
        head=[_("Day"), _("What")],
        rows=[[day(item.when), copy.told(". ".join(parts))] for item, parts in zip(items, told, strict=True)],
    )
