"""Which families the matching proposes for a child, and the person's choice among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.cases.queries import fellows_of
from app.children.models import Child, Household
from app.children.queries import place_words
from app.children.rules import age_on
from app.children.words import PlacementKind, Sex, Vetting
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.decisions.elsewhere import families_elsewhere
from app.decisions.events import FamilyChosen, MatchingRead
from app.decisions.matching import Candidate, ChildNeed, Fit, Need, fit
from app.decisions.models import Decision, Match
from app.decisions.queries import counts_for, match_of, newest_approved, sibling_ids
from app.decisions.rules import needs_family
from app.decisions.schemas import FamiliesElsewhere, MatchChoose, Matching, Proposal
from app.decisions.words import DecisionState, Nearness, Siblings
from app.fostering.queries import families, terms
from app.fostering.rules import free_places
from app.fostering.words import CARE_OF, Care, Stage, Term
from app.placements.gates import ChosenHome, on_choice
from app.placements.models import Placement
from app.placements.queries import reachable_households
from app.record.queries import read_group
from app.record.schemas import LanguagesPart
from app.record.words import RecordGroup

MOST_CANDIDATES = 500
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Looked:
    decision_id: UUID | None
    need: Need | None
    beyond: list[str]
    proposals: list[Proposal]
    excluded: list[Proposal]
    record_months: int = 0


def open_matching(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, Matching]:
    """Families for a child, the best first, those that cannot be proposed, and the note that they were read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = read_matching(db, actor, child)
    seen = [one.household for one in (*found.proposals, *found.excluded)]
    event = MatchingRead(decision=found.decision, households=seen)
    record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    return child, found


def read_matching(db: Session, actor: Actor, child: ChildAtWork) -> Matching:
    """The same without the note, for whoever has just opened the child."""
    looked = _look(db, actor, child)
    return Matching(
        child=child.id,
        decision=looked.decision_id,
        care=looked.need.care if looked.need else None,
        children=len(looked.need.children) if looked.need else 0,
        siblings_beyond=looked.beyond,
        elsewhere=_elsewhere(db, child, looked),
        proposals=looked.proposals[:MOST_SHOWN],
        excluded=looked.excluded[:MOST_SHOWN],
        chosen=match_of(db, looked.decision_id) if looked.decision_id else None,
    )


def _elsewhere(db: Session, child: ChildAtWork, looked: _Looked) -> list[FamiliesElsewhere]:
    if looked.need is None:
        return []
    return families_elsewhere(db, looked.need, child.area_code, record_months=looked.record_months)


def choose_family(db: Session, actor: Actor, child_id: UUID, command: MatchChoose) -> tuple[UUID, bool]:
    """A person chooses a family among the proposals. Returns the match's id and whether it is new.

    Raises `Conflict` without an approved decision for a foster family, `FieldError` on `household` for a family that
    cannot be proposed, with the reason.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    looked = _look(db, actor, child)
    if looked.decision_id is None:
        raise Conflict(_("There is no approved decision for a foster family; write the decision first"))
    chosen = next((one for one in looked.proposals if one.household == command.household), None)
    if chosen is None:
        excluded = next((one for one in looked.excluded if one.household == command.household), None)
        why = "; ".join(excluded.excluded) if excluded else _("No such foster family is in your reach")
        raise FieldError("household", why)
    others = [one for one in looked.proposals if one.household != command.household]
    match_id, is_new = create_once(
        db,
        Match,
        actor,
        command,
        decision_id=looked.decision_id,
        child_id=child.id,
        household_id=command.household,
        why=command.why,
        score=chosen.score,
        reasons=chosen.reasons,
        against=chosen.against,
        others=[{"household": str(one.household), "score": one.score} for one in others],
    )
    if is_new:
        event = FamilyChosen(
            match=match_id,
            decision=looked.decision_id,
            household=command.household,
            score=chosen.score,
            others=[one.household for one in others[:MOST_SHOWN]],
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return match_id, is_new


def chosen_for(db: Session, actor: Actor, child_id: UUID, kind: PlacementKind) -> ChosenHome | None:
    """The family that was chosen last, where it is in reach and the child has not moved since; one statement."""
    if kind not in CARE_OF:
        return None
    moved = exists().where(
        Placement.child_id == child_id,
        Placement.kind == kind.value,
        Placement.created_at > Match.created_at,
        Placement.end_reason.is_distinct_from("data_correction"),
    )
    wanted = (
        select(Household.id, Household.code, (reachable_households(actor) & ~moved).label("stands"))
        .join(Match, Match.household_id == Household.id)
        .join(Decision, Decision.id == Match.decision_id)
        .where(counts_for(child_id), Decision.kind == kind.value, Decision.state == DecisionState.APPROVED.value)
        .order_by(Decision.decided_on.desc(), Decision.approved_at.desc(), Match.created_at.desc(), Match.id.desc())
    )
    row = db.execute(wanted.limit(1)).one_or_none()
    return ChosenHome(row.id, row.code) if row is not None and row.stands else None


def _look(db: Session, actor: Actor, child: ChildAtWork) -> _Looked:
    decision = newest_approved(db, child.id)
    care = CARE_OF.get(PlacementKind(decision.kind)) if decision is not None else None
    if decision is None or care is None:
        return _Looked(None, None, [], [], [])
    coming, beyond, living = _together(db, actor, child, decision)
    columns: list[Any] = [Child.id, Child.sex, Child.born_on, Child.has_disability, Child.household_id]
    columns.append(Child.origin_place_code)
    who = db.execute(select(*columns).where(Child.id.in_(coming))).all()
    languages = read_group(db, child.id, RecordGroup.LANGUAGES, LanguagesPart).languages
    need = _need(child, who, care, frozenset(language.value for language in languages), len(beyond))
    months = terms(db).number(Term.RECORD_MONTHS)
    rows = db.execute(families(actor).order_by(Household.code).limit(MOST_CANDIDATES)).all()
    made = [_proposal(row, who, need, months, has_sibling=row.household in living) for row in rows]
    proposals = sorted((one for one in made if not one.excluded), key=_order)
    excluded = sorted((one for one in made if one.excluded), key=lambda one: (len(one.excluded), one.household_code))
    return _Looked(decision.id, need, beyond, proposals, excluded, months)


def _order(one: Proposal) -> tuple[bool, int, str]:
    # However well a family fits: one near the child's home comes before one of another district.
    return (one.nearness is Nearness.ELSEWHERE, -one.score, one.household_code)


def _together(
    db: Session, actor: Actor, child: ChildAtWork, decision: Row[Any]
) -> tuple[list[UUID], list[str], set[UUID]]:
    """The children who come together, codes of fellows whose files others hold, and homes of those who have one.

    Brothers and sisters are those whom the decision names and, unless it parts them, those who are decided together
    with the child and need a family as well.
    """
    coming = [child.id]
    if decision.siblings == Siblings.TOGETHER.value:
        coming = [decision.child_id, *sibling_ids(db, decision.id)]
    if decision.siblings == Siblings.APART.value:
        return coming, [], set()
    fellows = fellows_of(db, actor, child.id)
    known = [one.child for one in fellows if one.child is not None]
    wanted = select(Child.id, Child.lives_as, Child.household_id).where(Child.id.in_(known)).order_by(Child.code)
    lives = db.execute(wanted).all() if known else []
    needing = [row.id for row in lives if needs_family(PlacementKind(row.lives_as) if row.lives_as else None)]
    living = {row.household_id for row in lives if row.household_id is not None and row.id not in needing}
    return list(dict.fromkeys([*coming, *needing])), [one.code for one in fellows if one.child is None], living


def _need(child: ChildAtWork, who: Sequence[Row[Any]], care: Care, languages: frozenset[str], beyond: int) -> Need:
    today = clock.today()
    origin = next((row.origin_place_code for row in who if row.id == child.id), None)
    return Need(
        children=[
            ChildNeed(age=age_on(row.born_on, today), sex=Sex(row.sex), has_disability=row.has_disability)
            for row in who
        ],
        care=care,
        origin=area_code_of(origin) if origin else None,
        languages=languages,
        beyond=beyond,
    )


def _proposal(row: Row[Any], who: Sequence[Row[Any]], need: Need, record_months: int, *, has_sibling: bool) -> Proposal:
    already = sum(1 for one in who if one.household_id == row.household)
    others = row.children - already
    found: Fit = fit(
        need,
        Candidate(
            stage=Stage(row.stage),
            vetting_approved=row.vetting == Vetting.APPROVED.value,
            approved_until=row.approved_until,
            record_checked_on=row.record_checked_on,
            capacity=row.capacity,
            children=others,
            cares=frozenset(row.cares),
            area_code=row.area_code,
            languages=frozenset(row.languages),
            age_from=row.age_from,
            age_to=row.age_to,
            sex=row.sex,
            siblings_welcome=row.siblings_welcome,
            disability_training=bool(row.disability_training),
            has_sibling=has_sibling,
        ),
        today=clock.today(),
        record_months=record_months,
    )
    return Proposal(
        household=row.household,
        household_code=row.household_code,
        head_name=row.head_name,
        place=place_words(row.village_name, row.path) or "",
        score=found.score,
        reasons=found.reasons,
        against=found.against,
        excluded=found.excluded,
        free=free_places(row.capacity, others),
        nearness=found.nearness,
    )


on_choice(chosen_for)
