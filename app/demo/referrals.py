"""The referrals of the demonstration: scenes for each office's day, and three years of others behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.access.roles import Level, Role
from app.children.rules import age_band, age_on
from app.children.words import AgeBand, Sex
from app.children.words import ConcernType as Kind
from app.demo.acting import Told
from app.demo.climbing import Concern
from app.demo.draft import Draft
from app.demo.lives import Life
from app.demo.names import draw_sex
from app.demo.staff import STAFFED_DISTRICTS, Person, Staff
from app.demo.texts import (
    ANSWERS,
    NARRATIVES,
    OUTCOME_NOTES,
    QUESTIONS,
    REASONS_TO_THE_NATION,
    REASONS_UP,
    REASONS_WITHDRAWN,
)
from app.referrals.rules import CLOCKS
from app.referrals.words import OF_A_SERVICE, Outcome, Urgency

_OLDER, _RECENT = 150, 20
_OLDEST_DAYS, _RECENT_DAYS = 1090, 13
_URGENCIES: dict[Kind, tuple[Urgency, ...]] = {
    Kind.SEXUAL_VIOLENCE: (Urgency.EMERGENCY, Urgency.HIGH),
    Kind.PHYSICAL_VIOLENCE: (Urgency.HIGH, Urgency.HIGH, Urgency.EMERGENCY),
    Kind.ABANDONMENT: (Urgency.EMERGENCY, Urgency.HIGH),
    Kind.MALNUTRITION: (Urgency.HIGH, Urgency.MEDIUM),
    Kind.STREET_CONNECTED: (Urgency.HIGH, Urgency.MEDIUM),
    Kind.LACK_DOCUMENTATION: (Urgency.LOW,),
    Kind.SCHOOL_DROPOUT: (Urgency.MEDIUM, Urgency.LOW),
}
_OFTEN = (
    Kind.NEGLECT,
    Kind.NEGLECT,
    Kind.SCHOOL_DROPOUT,
    Kind.SCHOOL_DROPOUT,
    Kind.FAMILY_CONFLICT,
    Kind.FAMILY_CONFLICT,
)

_ABOUT: dict[Kind, tuple[int, int, Sex | None]] = {
    Kind.SCHOOL_DROPOUT: (7, 17, None),
    Kind.SEXUAL_VIOLENCE: (8, 17, Sex.FEMALE),
    Kind.EARLY_PREGNANCY: (15, 17, Sex.FEMALE),
    Kind.CHILD_LABOUR: (10, 14, Sex.MALE),
    Kind.ABANDONMENT: (0, 1, None),
    Kind.STREET_CONNECTED: (7, 17, None),
    Kind.MALNUTRITION: (0, 9, None),
    Kind.DISABILITY_EXCLUSION: (6, 17, None),
}
"""Of which age in years, and sex, a child is whom the texts of a worry can mean; any child where nothing is said."""


def fits(kind: Kind, sex: Sex, born_on: date, on: date) -> bool:
    """Whether a worry may be about a child, by its age and sex on the day on which it was told."""
    youngest, oldest, only = _ABOUT.get(kind, (0, 17, None))
    age = age_on(born_on, on) or 0
    return born_on <= on and youngest <= age <= oldest and only in {None, sex}


Act = tuple[str, float]
"""What the office does, and after how many hours with it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A referral that somebody finds on signing in. `is_late`: its time has just passed, and no worker has seen it."""

    concern: Kind
    urgency: Urgency
    hours_ago: float
    acts: tuple[Act, ...] = ()
    is_late: bool = False
    outcome: Outcome = Outcome.SERVICE_PROVIDED
    names_child: bool = False


_SEEN, _WORKING = ("acknowledge", 5), (("acknowledge", 5), ("accept", 20))
_UP_TO_SECTOR, _UP_TO_DISTRICT = (("escalate", 9),), (("escalate", 9), ("escalate", 12))
_UP_TO_NATION = (("escalate", 9), ("escalate", 12), ("escalate", 30))

# Filed in Gihanga by the volunteer of the demonstration.
_SCENES = (
    # Asked of the volunteer.
    Scene(Kind.SCHOOL_DROPOUT, Urgency.MEDIUM, 50, (_SEEN, ("send_back", 30)), names_child=True),
    Scene(Kind.LACK_DOCUMENTATION, Urgency.LOW, 90, (("send_back", 26),)),
    # With the cell: new, late, seen, in work.
    Scene(Kind.FAMILY_CONFLICT, Urgency.LOW, 30),
    Scene(Kind.MALNUTRITION, Urgency.HIGH, 5),
    Scene(Kind.NEGLECT, Urgency.MEDIUM, 20),
    Scene(Kind.SEPARATION_RISK, Urgency.MEDIUM, 75, is_late=True),
    Scene(Kind.STREET_CONNECTED, Urgency.HIGH, 26, is_late=True),
    Scene(Kind.SCHOOL_DROPOUT, Urgency.MEDIUM, 80, (_SEEN,)),
    Scene(Kind.NEGLECT, Urgency.LOW, 130, _WORKING, names_child=True),
    Scene(Kind.FAMILY_CONFLICT, Urgency.MEDIUM, 60, (("send_back", 8), ("answer", 12))),
    # With the sector: sent up, moved up by the clock, late, seen, in work.
    Scene(Kind.DISABILITY_EXCLUSION, Urgency.LOW, 60, _UP_TO_SECTOR),
    Scene(Kind.CHILD_LABOUR, Urgency.HIGH, 34),
    Scene(Kind.NEGLECT, Urgency.MEDIUM, 110, (*_UP_TO_SECTOR,), is_late=True),
    Scene(Kind.MALNUTRITION, Urgency.MEDIUM, 96, (*_UP_TO_SECTOR, _SEEN)),
    Scene(Kind.SEPARATION_RISK, Urgency.MEDIUM, 140, (*_UP_TO_SECTOR, *_WORKING)),
    # With the district: an emergency as a copy, one taken over, a restricted one, others sent up or moved up.
    Scene(Kind.ABANDONMENT, Urgency.EMERGENCY, 0.7),
    Scene(Kind.PHYSICAL_VIOLENCE, Urgency.EMERGENCY, 28, (("take_over", 0.6),)),
    Scene(Kind.SEXUAL_VIOLENCE, Urgency.EMERGENCY, 20, (("take_over", 0.4),)),
    Scene(Kind.EARLY_PREGNANCY, Urgency.HIGH, 40, _UP_TO_DISTRICT),
    Scene(Kind.PHYSICAL_VIOLENCE, Urgency.HIGH, 56),
    Scene(Kind.SEPARATION_RISK, Urgency.MEDIUM, 150, (*_UP_TO_DISTRICT, *_WORKING)),
    Scene(Kind.CHILD_LABOUR, Urgency.MEDIUM, 100, (*_UP_TO_NATION, ("send_back", 20))),
    # With the nation: new, in work, late.
    Scene(Kind.STREET_CONNECTED, Urgency.MEDIUM, 100, _UP_TO_NATION),
    Scene(Kind.SEPARATION_RISK, Urgency.LOW, 200, (*_UP_TO_NATION, *_WORKING)),
    Scene(Kind.DISABILITY_EXCLUSION, Urgency.MEDIUM, 24 * 10, _UP_TO_NATION),
    # Over.
    *(
        Scene(Kind.NEGLECT, Urgency.MEDIUM, 24 * (11 + 2 * number), (*_WORKING, ("resolve", 70)), outcome=outcome)
        for number, outcome in enumerate(OF_A_SERVICE)
    ),
    Scene(Kind.FAMILY_CONFLICT, Urgency.MEDIUM, 44, (("withdraw", 2),)),
    Scene(Kind.SCHOOL_DROPOUT, Urgency.LOW, 24 * 40, (("withdraw", 1),)),
)


def draw_referrals(draft: Draft, staff: Staff, lives: Sequence[Life], villages: dict[int, list[int]]) -> None:
    """Draws up the scenes, and the referrals of the years before."""
    author = staff.called(Role.VOLUNTEER.value)
    near = [life for life in lives if life.area_code == author.place_code or _lives_in(life, author.place_code)]
    for scene in _SCENES:
        told_on = draft.today - timedelta(hours=scene.hours_ago)
        known = [life for life in near if fits(scene.concern, life.sex, life.born_on, told_on)]
        child = draft.pick(known) if scene.names_child and known else None
        concern = _concern(draft, author, author.place_code, scene.concern, scene.urgency, child)
        climb = Told(draft, staff, concern, draft.now - timedelta(hours=scene.hours_ago))
        _play(draft, climb, scene)
        climb.write(clock_until=climb.hop["received_at"] if scene.is_late else draft.now)
    _kept_from_a_suspect(draft, staff)
    for number in range(_OLDER + _RECENT):
        first, last = (_RECENT_DAYS, _OLDEST_DAYS) if number < _OLDER else (0, _RECENT_DAYS)
        # A few more each year: people learn that it helps.
        days = first + (last - first) * draft.rng.random() ** 1.3
        _someday(draft, staff, lives, villages, days)
    _became_a_case(draft, staff, author, near)


def _lives_in(life: Life, village: int) -> bool:
    return life.now is not None and life.now.area_code == village and not life.restricted


def _concern(
    draft: Draft, author: Person, village: int, kind: Kind, urgency: Urgency, child: Life | None = None
) -> Concern:
    sex: Sex | None = None
    band: AgeBand | None = None
    if child is not None:
        sex, band = child.sex, age_band(child.born_on, draft.today)
    elif draft.chance(0.85):
        youngest, oldest, only = _ABOUT.get(kind, (3, 14, None))
        sex = only or draw_sex(draft.rng)
        band = age_band(draft.today - timedelta(days=365 * draft.rng.randint(youngest, oldest) + 180), draft.today)
    return Concern(
        author=author,
        village=village,
        concern=kind,
        urgency=urgency,
        narrative=draft.pick(NARRATIVES[kind]) if draft.chance(0.9) else "",
        child=child.id if child else None,
        child_is_restricted=child.restricted if child else False,
        sex=sex,
        band=band,
    )


def _play(draft: Draft, climb: Told, scene: Scene) -> None:
    for act, hours in scene.acts:
        _act(draft, climb, act, hours, scene.outcome)


def _act(draft: Draft, climb: Told, act: str, hours: float, outcome: Outcome) -> None:
    if climb.is_over:
        return
    at = climb.after(hours)
    told = {
        "send_back": QUESTIONS,
        "answer": ANSWERS,
        "withdraw": REASONS_WITHDRAWN,
        "escalate": REASONS_TO_THE_NATION if climb.level is Level.DISTRICT else REASONS_UP,
    }
    if act == "take_over":
        climb.accept(at, by=draft.pick(climb.staff.holders(Level.DISTRICT, climb.area_code)))
    elif act == "resolve":
        climb.resolve(at, outcome, draft.pick(OUTCOME_NOTES[outcome]))
    elif act in told:
        getattr(climb, act)(at, draft.pick(told[act]))
    else:
        getattr(climb, act)(at)


def _kept_from_a_suspect(draft: Draft, staff: Staff) -> None:
    """In Huye somebody names the cell's coordinator: the referral goes past the cell."""
    coordinator = next(
        p for p in staff.people if p.role is Role.CELL_COORDINATOR and p.place_code // 10_000 == STAFFED_DISTRICTS[1]
    )
    author = next(p for p in staff.people if p.role is Role.VOLUNTEER and p.place_code // 100 == coordinator.place_code)
    concern = Concern(
        author=author,
        village=author.place_code,
        concern=Kind.PHYSICAL_VIOLENCE,
        urgency=Urgency.MEDIUM,
        narrative="The man of whom the child is afraid works at the cell. Please do not send this to him.",
        suspects=frozenset({coordinator.account_id}),
        suspect_name=coordinator.display_name,
    )
    Told(draft, staff, concern, draft.now - timedelta(hours=22)).write(clock_until=draft.now)


def _became_a_case(draft: Draft, staff: Staff, author: Person, near: Sequence[Life]) -> None:
    """A worry of the volunteer from which a case was opened: of a child of the village, where one lived there then."""
    earlier = [
        (life, (draft.today - life.opened_on).days + 2)
        for life in near
        if life.opened_on is not None and life.stays[0].area_code == author.place_code
    ]
    child, days = next(((life, days) for life, days in earlier if days > 6), (None, 19))
    concern = _concern(draft, author, author.place_code, Kind.NEGLECT, Urgency.HIGH, child)
    climb = Told(draft, staff, concern, draft.now - timedelta(days=days))
    for act, hours in (*_UP_TO_DISTRICT, *_WORKING, ("resolve", 30)):
        _act(draft, climb, act, hours, Outcome.CASE_OPENED)
    climb.write(clock_until=draft.now)


def _someday(
    draft: Draft, staff: Staff, lives: Sequence[Life], villages: dict[int, list[int]], days_ago: float
) -> None:
    """A referral that somebody filed, with what the offices made of it."""
    author = draft.pick(
        [person for person in staff.people if person.role in _AUTHORS and draft.chance(_AUTHORS[person.role])]
    )
    child = None
    if author.role is Role.VOLUNTEER:
        village = author.place_code
        known = [life for life in lives if _lives_in(life, village)]
    elif author.role is Role.SOCIAL_WORKER:
        village = draft.pick(villages[author.place_code])
        known = [life for life in lives if life.worker is author]
    else:
        inside = [
            p.place_code for p in staff.people if p.role is Role.VOLUNTEER and p.place_code // 100 == author.place_code
        ]
        village, known = draft.pick(inside), []
    if known and draft.chance(0.35):
        child = draft.pick(known)
    kind = draft.pick((*_OFTEN, *NARRATIVES))
    if child is not None:
        told_on = draft.today - timedelta(days=days_ago)
        fitting = [one for one in (kind, *NARRATIVES) if fits(one, child.sex, child.born_on, told_on)]
        if kind not in fitting:
            kind, child = (draft.pick(fitting), child) if fitting else (kind, None)
    urgency = draft.pick(_URGENCIES.get(kind, (Urgency.MEDIUM, Urgency.MEDIUM, Urgency.LOW)))
    concern = _concern(draft, author, village, kind, urgency, child)
    climb = Told(draft, staff, concern, draft.now - timedelta(days=days_ago))
    _run(draft, climb)
    climb.write(clock_until=draft.now)


_AUTHORS = {Role.VOLUNTEER: 1.0, Role.CELL_COORDINATOR: 0.3, Role.SOCIAL_WORKER: 0.25}


def _run(draft: Draft, climb: Told) -> None:
    """Acts one after the other, until it is over or the present is reached."""
    rng = draft.rng
    questions = 0
    if draft.chance(0.04):
        climb.withdraw(climb.after(rng.uniform(0.2, 3)), draft.pick(REASONS_WITHDRAWN))
    while not climb.is_over and climb.after(0) < draft.now:
        clock = CLOCKS[climb.concern.urgency, climb.level]
        if climb.level is Level.VILLAGE:
            hops = len(climb.hops)
            climb.answer(climb.after(clock.acknowledge_hours * rng.uniform(0.1, 1.3)), draft.pick(ANSWERS))
            if len(climb.hops) == hops:
                return
            continue
        vacant = not climb.staff.holders(climb.level, climb.area_code)
        forgotten = climb.level < Level.DISTRICT and draft.chance(0.1)
        if vacant or forgotten:
            moves_at = climb.due_at + timedelta(minutes=2)
            if moves_at > draft.now:
                return
            climb.run_clock(moves_at)
            continue
        seen_after = clock.acknowledge_hours * rng.triangular(0.03, 0.95, 0.2)
        done_after = seen_after + (clock.resolve_hours - seen_after) * rng.triangular(0.05, 1.2, 0.3)
        act = rng.choices(("resolve", "escalate", "send_back"), (62, 26, 12 if questions == 0 else 0))[0]
        if act == "escalate" and climb.level >= Level.DISTRICT and draft.chance(0.85):
            act = "resolve"
        outcome = rng.choices(OF_A_SERVICE, (58, 14, 9, 5, 6, 4, 4))[0]
        _act(draft, climb, "acknowledge", seen_after, outcome)
        if act == "resolve" and draft.chance(0.6):
            _act(draft, climb, "accept", seen_after + (done_after - seen_after) * 0.3, outcome)
        if climb.after(done_after) > draft.now:
            return
        questions += act == "send_back"
        _act(draft, climb, act, done_after, outcome)
