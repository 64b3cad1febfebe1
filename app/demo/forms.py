"""Which forms were filled in about which child, when and by whom: assessments, wellbeing over time, feedback."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.access.roles import Role
from app.cases.words import CaseState
from app.children.rules import age_on
from app.demo.answers import answered
from app.demo.draft import Draft, known
from app.demo.houses import House
from app.demo.lives import Life
from app.demo.staff import STAFFED_DISTRICTS, Person, Staff
from app.instruments import rules
from app.instruments.definitions import Definition, registry
from app.instruments.models import InstrumentAnswers

_DAYS_OF_WELLBEING = (21, 90, 180, 300, 420)
_MOST_SETS = 4
_FEEDBACK_EVERY, _READINESS, _TESTED = 3, 6, 3
_FUNCTIONING = {range(2, 5): "child_functioning_2_4", range(5, 18): "child_functioning_5_17"}


class Forms:
    """Draws up sets of answers."""

    def __init__(self, draft: Draft, staff: Staff) -> None:
        self.draft = draft
        self.staff = staff

    def add(
        self,
        life: Life,
        key: str,
        day: date,
        *,
        by: Person | None = None,
        household: UUID | None = None,
        given: Mapping[str, Any] | None = None,
        level: float = 3.0,
        sections: int | None = None,
    ) -> UUID:
        """A set of a day; with `sections` it is a draft in which so many sections are filled in."""
        draft, who = self.draft, known(by or life.worker)
        row = known(life.row)
        definition = registry().versions(key)[0]
        values = answered(draft, definition, day=day, level=level, difficulty=bool(row["has_disability"]), given=given)
        at = draft.working_hour(day)
        filled = definition.sections if sections is None else definition.sections[:sections]
        values = {name: values[name] for part in filled for name in (q.key for q in part.questions) if name in values}
        stamp = {"version": 1, "by": who.display_name, "at": at.isoformat()}
        handed_in: dict[str, Any] = {}
        if sections is None:
            handed_in = {
                "state": "submitted",
                "scores": rules.scores(definition, values, age=age_on(row["born_on"], day)),
                "submitted_at": at,
                "submitted_by": who.account_id,
                "submitted_by_post_id": who.post_id,
            }
        return draft.add(
            InstrumentAnswers,
            child_id=life.id,
            household_id=household,
            instrument=key,
            instrument_version=definition.version,
            sensitive=definition.sensitive,
            answers=values,
            sections={section.key: stamp for section in filled},
            started_by_post_id=who.post_id,
            area_code=row["area_code"],
            created_at=at,
            created_by=who.account_id,
            **({"state": "draft", "scores": {}} | handed_in),
        )


def draw_forms(draft: Draft, staff: Staff, houses: Sequence[House], lives: Sequence[Life]) -> None:
    """The forms of all children with a case, more of them in the two districts with an office of their own."""
    forms = Forms(draft, staff)
    followed = [life for life in lives if life.worker is not None and life.case_state is not None]
    for life in followed:
        _assessed(forms, life)
    near = [life for life in followed if life.row and life.row["area_code"] // 1_000_000 in STAFFED_DISTRICTS]
    for number, life in enumerate(near):
        _described(forms, life)
        if life.now and life.now.family:
            _at_home(forms, life, feedback=number % _FEEDBACK_EVERY == 0)
    _on_their_way(forms, [life for life in near if life.now and life.now.house is houses[0]][:_READINESS])
    _tested(forms, near)
    begun = [life for life in near if life.case_state is CaseState.REGISTERED and life.opened_on]
    for life in begun[:2]:
        forms.add(life, "child_assessment", draft.ago(2), sections=2)


def _assessed(forms: Forms, life: Life) -> None:
    if life.case_state is CaseState.REGISTERED or life.opened_on is None:
        return
    draft = forms.draft
    day = draft.between(life.opened_on, min(life.opened_on + timedelta(days=25), draft.ago(1)))
    separated = life.now is not None and life.now.house is not None
    given = {
        "separated": separated,
        "heard": ["child", "relative", "volunteer"],
        "danger_now": False,
        "risk": life.risk,
    }
    forms.add(life, "child_assessment", day, given=given)


def _described(forms: Forms, life: Life) -> None:
    draft, age = forms.draft, _age(life, forms.draft.today)
    if life.opened_on is None:
        return
    forms.add(life, "child_profile", min(life.opened_on + timedelta(days=3), draft.today))
    functioning = next((key for ages, key in _FUNCTIONING.items() if age in ages), None)
    if age is not None and age >= 18:
        functioning = "functioning_adult"
    if functioning and _for_age(registry().versions(functioning)[0], life, draft) and draft.chance(0.4):
        forms.add(life, functioning, draft.ago(draft.rng.randint(5, 90)))


def _at_home(forms: Forms, life: Life, *, feedback: bool) -> None:
    now = known(life.now)
    family = known(now.family)
    draft, since = forms.draft, now.started_on
    before = max(since - timedelta(days=20), life.registered_on)
    if before <= draft.today:
        forms.add(life, "family_assessment", before, household=family.id, given={"danger": False})
    level = draft.rng.uniform(2.0, 2.7)
    days = [day for days in _DAYS_OF_WELLBEING if (day := since + timedelta(days=days)) <= draft.today]
    for day in days[-_MOST_SETS:]:
        forms.add(life, "wellbeing", day, level=level)
        level = min(3.6, level + draft.rng.uniform(-0.1, 0.5))
    if feedback and days:
        forms.add(life, "caregiver_feedback", days[-1])
        if _for_age(registry().versions("child_feedback")[0], life, draft):
            forms.add(life, "child_feedback", days[-1])


def _on_their_way(forms: Forms, residents: Iterable[Life]) -> None:
    for number, life in enumerate(residents):
        day = forms.draft.ago(10 + 7 * number)
        forms.add(life, "reintegration_readiness", day, given={"ready": number == 0})


def _tested(forms: Forms, near: Sequence[Life]) -> None:
    psychologist = forms.staff.called(Role.PSYCHOLOGIST.value)
    sheet = registry().versions("sdq_scores")[0]
    mine = [life for life in near if life.worker is psychologist and _for_age(sheet, life, forms.draft)]
    for life in mine[:_TESTED]:
        forms.add(life, "sdq_scores", forms.draft.ago(30), by=psychologist)


def _age(life: Life, day: date) -> int | None:
    return age_on(life.row["born_on"], day) if life.row else None


def _for_age(definition: Definition, life: Life, draft: Draft) -> bool:
    """Whether the form was made for the child's age; never where nobody knows it."""
    age = _age(life, draft.today)
    return age is not None and rules.fits(definition, age, exact=True)
