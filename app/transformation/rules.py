"""What follows from plain facts of a house: stages, readiness, what is left, a census against the register."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.institutions.words import ClosureStage, InstitutionKind
from app.placements.words import PlacementKind
from app.transformation.words import Difference, NextStep, Obstacle, PersonStatus, Readiness

CENSUS_HOLDS = timedelta(days=92)
"""A house is counted at least every three months; a proposal of the programme, not law."""


# Stages


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseFacts:
    """What decides whether a house may reach a stage."""

    stage: int
    reached_on: date | None
    residents: int
    plan_approved: bool


def check_move(facts: HouseFacts, to: int, reached_on: date, *, today: date) -> None:
    """Raises `FieldError` for a step that may not be made: forward one at a time, back to any stage before.

    Stage 4 needs the approved plan, stage 6 and what follows an empty house.
    """
    if to == facts.stage:
        raise FieldError("to", _("The house is at this stage already"))
    if to > facts.stage + 1:
        raise FieldError("to", _("Stages are reached one after the other"))
    if reached_on > today:
        raise FieldError("reached_on", _("This day lies in the future"))
    if to < facts.stage:
        return
    if facts.reached_on is not None and reached_on < facts.reached_on:
        raise FieldError("reached_on", _("The stage before was reached later than this day"))
    if to == ClosureStage.PLAN_APPROVED.number and not facts.plan_approved:
        raise FieldError("to", _("The national manager has not approved the plan of this house yet"))
    if to >= ClosureStage.CARE_ENDED.number and facts.residents:
        raise FieldError("to", _("%(count)d still live in the house: see who is left") % {"count": facts.residents})


def stages_to_choose(stage: int) -> list[ClosureStage]:
    """The stages that may follow: the next one, then those before, the nearest first."""
    following = [one for one in ClosureStage if one.number == stage + 1]
    return following + [one for one in reversed(ClosureStage) if one.number < stage]


# Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentFacts:
    """What the records say of a resident's way home."""

    has_worker: bool = False
    has_case: bool = False
    assessed: bool = False
    family_traced: bool = False
    decision_waits: bool = False
    decided: bool = False
    matched: bool = False
    prepared: bool = False


_WAY: tuple[tuple[Readiness, str, Obstacle], ...] = (
    (Readiness.ASSESSED, "assessed", Obstacle.NOT_ASSESSED),
    (Readiness.FAMILY_TRACED, "family_traced", Obstacle.FAMILY_NOT_TRACED),
    (Readiness.OPTION_DECIDED, "decided", Obstacle.NO_DECISION),
    (Readiness.MATCHED, "matched", Obstacle.NO_MATCH),
    (Readiness.PREPARED, "prepared", Obstacle.NOT_PREPARED),
)
_DECIDED = 2
"""The place of the decision on the way."""


def readiness(facts: ResidentFacts) -> tuple[Readiness, list[Obstacle]]:
    """How far a resident is, and what stands in the way of the next step.

    The furthest step that is on record counts. A family need not be found where something else was decided; an
    assessment that is missing stands in the way wherever the resident is.
    """
    reached = -1
    for step, (_word, name, _obstacle) in enumerate(_WAY):
        if getattr(facts, name):
            reached = step
    obstacles = []
    if not facts.has_worker:
        obstacles.append(Obstacle.NO_WORKER)
    if not facts.has_case:
        obstacles.append(Obstacle.NO_CASE)
    if not facts.assessed:
        obstacles.append(Obstacle.NOT_ASSESSED)
    # A decision that waits was made with what is known of the family; it is what stands in the way now.
    following = max(reached + 1, _DECIDED) if facts.decision_waits else reached + 1
    for step, (_word, name, obstacle) in enumerate(_WAY):
        waits = facts.decision_waits and obstacle is Obstacle.NO_DECISION
        skipped = obstacle is Obstacle.FAMILY_NOT_TRACED and (reached > step or facts.decision_waits)
        if step <= following and not getattr(facts, name) and not skipped and obstacle not in obstacles:
            obstacles.append(Obstacle.DECISION_WAITS if waits else obstacle)
    if reached == len(_WAY) - 1:
        obstacles.append(Obstacle.NOT_MOVED)
    return (_WAY[reached][0] if reached >= 0 else Readiness.REGISTERED), obstacles


# What is left


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToDo:
    """What was counted of a house; what a role may not count is 0."""

    stage: int
    residents: int = 0
    no_worker: int = 0
    by_readiness: Counter[Readiness] | None = None
    breaches: int = 0
    claims: int = 0
    last_census_on: date | None = None
    open_censuses: int = 0
    has_plan: bool = False
    plan_approved: bool = False
    plan_waits: bool = False
    plan_returned: bool = False
    staff_undecided: int = 0
    steps_late: int = 0


def what_is_left(facts: LeftToDo, *, today: date) -> list[tuple[NextStep, int | None]]:
    """What stands between the house and its last day, the most pressing first; with how many where that is counted."""
    ready = facts.by_readiness or Counter()
    decided = ready[Readiness.OPTION_DECIDED] + ready[Readiness.MATCHED]
    old = facts.last_census_on is None or facts.last_census_on + CENSUS_HOLDS < today
    cares = facts.stage < ClosureStage.CARE_ENDED.number
    # A house that was never counted may be full of children whom nobody registered.
    uncounted = facts.residents > 0 or (cares and facts.last_census_on is None)
    unapproved = cares and facts.has_plan and not facts.plan_approved
    found: list[tuple[NextStep, int | None, bool]] = [
        (NextStep.BREACHES, facts.breaches, facts.breaches > 0),
        (NextStep.CLAIMS, facts.claims, facts.claims > 0),
        (NextStep.NO_CENSUS, None, old and uncounted),
        (NextStep.CENSUS_OPEN, facts.open_censuses, facts.open_censuses > 0),
        (NextStep.NO_WORKER, facts.no_worker, facts.no_worker > 0),
        (NextStep.NOT_ASSESSED, ready[Readiness.REGISTERED], ready[Readiness.REGISTERED] > 0),
        (
            NextStep.NOT_DECIDED,
            ready[Readiness.ASSESSED] + ready[Readiness.FAMILY_TRACED],
            ready[Readiness.ASSESSED] + ready[Readiness.FAMILY_TRACED] > 0,
        ),
        (NextStep.NOT_READY, decided, decided > 0),
        (NextStep.READY, ready[Readiness.PREPARED], ready[Readiness.PREPARED] > 0),
        (NextStep.NO_PLAN, None, not facts.has_plan),
        (NextStep.PLAN_WAITS, None, unapproved and facts.plan_waits),
        (NextStep.PLAN_RETURNED, None, unapproved and facts.plan_returned),
        (NextStep.PLAN_NOT_ASKED, None, unapproved and not facts.plan_waits and not facts.plan_returned),
        (NextStep.STAFF, facts.staff_undecided, facts.staff_undecided > 0),
        (NextStep.STEPS_LATE, facts.steps_late, facts.steps_late > 0),
    ]
    return [(step, count) for step, count, applies in found if applies]


# A census against the register


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A person as a census has them; `settled` where somebody explained a difference."""

    id: UUID
    child: UUID | None
    status: PersonStatus | None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """How a census and the register agree: people that match, differences by person, stays nobody was asked about."""

    matches: int
    unasked: int
    differences: dict[UUID, Difference]
    later: list[UUID]
    """Children with a stay on that night who are not on the list: recorded since the count."""

    @property
    def agrees(self) -> bool:
        """Whether nothing is left to settle."""
        return not self.unasked and not self.differences


_STRENGTH = {PersonStatus.PRESENT: 3, PersonStatus.ABSENT: 2, PersonStatus.LEFT: 1}


def reconcile(people: Sequence[Counted], staying: Iterable[UUID]) -> Reconciliation:
    """Holds the people of a census against the children who, as the register has it, stayed there that night.

    Where two lines turn out to be one child, who was seen counts: present before absent before left.
    """
    stays = set(staying)
    strongest: dict[UUID, Counted] = {}
    for person in people:
        if person.child is None or person.status is None:
            continue
        best = strongest.get(person.child)
        if best is None or best.status is None or _STRENGTH[person.status] > _STRENGTH[best.status]:
            strongest[person.child] = person
    matches, unasked, differences = 0, 0, {}
    for person in people:
        if person.status is None:
            unasked += 1
            continue
        if person.child is not None and strongest[person.child] is not person:
            continue
        here = person.status is not PersonStatus.LEFT
        if person.settled or (person.child in stays if here else person.child not in stays):
            matches += 1
        elif not here:
            differences[person.id] = Difference.LEFT
        else:
            differences[person.id] = Difference.NOT_REGISTERED if person.child is None else Difference.NOT_PLACED
    listed = {person.child for person in people}
    return Reconciliation(
        matches=matches, unasked=unasked, differences=differences, later=sorted(stays - listed, key=str)
    )


def check_away(status: PersonStatus, away_on: date | None, *, counted_on: date) -> None:
    """Raises `FieldError` on `away_on` for somebody who left or is away, as it is told, only after the night."""
    if status is not PersonStatus.PRESENT and away_on is not None and away_on > counted_on:
        raise FieldError("away_on", _("This day lies after the night of the census"))


def check_not_ahead(field: str, given: date | None, *, today: date) -> None:
    """Raises `FieldError` for a day in the future."""
    if given is not None and given > today:
        raise FieldError(field, _("This day lies in the future"))


# Staff


def check_staff(number: int, *, trained: int, retrained: int, moved: int, paid_off: int) -> None:
    """Raises `FieldError` where more people are trained or planned for than there are."""
    if trained > number:
        raise FieldError("trained", _("More are trained than work there"))
    if retrained + moved + paid_off > number:
        raise FieldError("retrained", _("The plan is for more people than work there"))


# How a resident of a house lives


_LIVES_AS = {
    InstitutionKind.SMALL_GROUP_HOME: PlacementKind.SMALL_GROUP_HOME,
    InstitutionKind.TRANSIT_CENTRE: PlacementKind.TRANSIT_CENTRE,
    InstitutionKind.REHABILITATION_CENTRE: PlacementKind.REHABILITATION_CENTRE,
    InstitutionKind.SAFE_HOUSE_ISANGE: PlacementKind.TEMPORARY_SHELTER,
}


def lives_as(kind: InstitutionKind) -> PlacementKind:
    """The kind of placement that a stay in a kind of house is."""
    return _LIVES_AS.get(kind, PlacementKind.RESIDENTIAL_INSTITUTION)
