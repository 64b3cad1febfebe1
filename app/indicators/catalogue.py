"""The catalogue: what each number means, what it divides by what, which way is good, how it can be taken apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from app.core.i18n import N_, gettext
from app.indicators import records
from app.indicators.rules import Period
from app.indicators.words import Dimension as By
from app.indicators.words import Direction, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A number of the reference's catalogue. `records` selects what it counts, for the number and the list alike.

    `is_median`: the value is the median of the records' measure. `is_ratio`: counted / all. `is_stock`: as of the
    period's last day. `is_mix`: rows are shares of the whole.
    """

    code: str
    title_id: str
    meaning_id: str
    numerator_id: str
    denominator_id: str | None = None
    unit: Unit
    direction: Direction
    by: tuple[By, ...]
    records: Callable[[Period], Select[Any]]
    is_ratio: bool = False
    is_median: bool = False
    is_stock: bool = False
    is_mix: bool = False

    @property
    def title(self) -> str:
        """Its name in the current language."""
        return gettext(self.title_id)

    @property
    def meaning(self) -> str:
        """What it says, in one or two sentences."""
        return gettext(self.meaning_id)

    @property
    def numerator_meaning(self) -> str:
        """What is counted."""
        return gettext(self.numerator_id)

    @property
    def denominator_meaning(self) -> str | None:
        """Out of what, or None for a plain count."""
        return gettext(self.denominator_id) if self.denominator_id else None


_PEOPLE = (By.SEX, By.AGE_BAND, By.DISABILITY)
_WHERE = (By.DISTRICT, By.SECTOR)

CATALOGUE: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            code="I01",
            title_id=N_("Residents in institutions"),
            meaning_id=N_("How many people, of any age, lived in institutions at the end of the period's last day."),
            numerator_id=N_("Open residential episodes on that day"),
            unit=Unit.CHILDREN,
            direction=Direction.DOWN,
            by=(*_WHERE, By.INSTITUTION, *_PEOPLE, By.KIND),
            records=records.residents,
            is_stock=True,
        ),
        Indicator(
            code="I03",
            title_id=N_("New admissions"),
            meaning_id=N_("How many entered an institution in the period, not counting moves between institutions."),
            numerator_id=N_("Residential episodes begun in the period that did not follow another one"),
            unit=Unit.EPISODES,
            direction=Direction.DOWN,
            by=(*_WHERE, By.INSTITUTION, *_PEOPLE, By.QUARTER),
            records=records.admissions,
        ),
        Indicator(
            code="I05",
            title_id=N_("Placed into family-based and alternative care"),
            meaning_id=N_(
                "How many left an institution for a family or supported independent living, for the first time."
            ),
            numerator_id=N_("Persons, not events, whose first such placement began in the period"),
            unit=Unit.CHILDREN,
            direction=Direction.UP,
            by=(*_WHERE, *_PEOPLE, By.KIND, By.QUARTER),
            records=records.placed,
        ),
        Indicator(
            code="I06",
            title_id=N_("Placement mix"),
            meaning_id=N_("To which kind of care they went; the headline is the share of foster families."),
            numerator_id=N_("Placed with a foster family (Malayika Murinzi)"),
            denominator_id=N_("All placed in the period"),
            unit=Unit.PER_CENT,
            direction=Direction.NEUTRAL,
            by=(By.KIND, *_WHERE, *_PEOPLE, By.QUARTER),
            records=records.placed_by_kind,
            is_ratio=True,
            is_mix=True,
        ),
        Indicator(
            code="I07",
            title_id=N_("Time to placement"),
            meaning_id=N_("How long it took, in the middle case, from registration to placement."),
            numerator_id=N_("Median of days from registration to the first placement, of all placed in the period"),
            unit=Unit.DAYS,
            direction=Direction.DOWN,
            by=(By.KIND, *_WHERE, *_PEOPLE, By.QUARTER),
            records=records.placed_with_days,
            is_median=True,
        ),
        Indicator(
            code="I23",
            title_id=N_("Visits on schedule"),
            meaning_id=N_("Which share of the visits due were made in time, with the child seen."),
            numerator_id=N_("Visits made within the tolerance of their due day, with the child seen"),
            denominator_id=N_("Visits due in the period, but for those that may still be made in time"),
            unit=Unit.PER_CENT,
            direction=Direction.UP,
            by=(*_WHERE, By.KIND, *_PEOPLE, By.QUARTER),
            records=records.visits_due,
            is_ratio=True,
        ),
        Indicator(
            code="I24",
            title_id=N_("Overdue visits"),
            meaning_id=N_(
                "How many visits were late on the period's last day: their day and the tolerance after it had passed."
            ),
            numerator_id=N_("Visits past their last day in time and not made with the child seen"),
            unit=Unit.VISITS,
            direction=Direction.DOWN,
            by=(By.DAYS_LATE, *_WHERE, By.KIND, *_PEOPLE),
            records=records.visits_overdue,
            is_stock=True,
        ),
        Indicator(
            code="I31",
            title_id=N_("Referrals by level and type"),
            meaning_id=N_("How many referrals each level received; one that climbed is counted at each level."),
            numerator_id=N_("Referrals received by a level in the period"),
            unit=Unit.HOPS,
            direction=Direction.NEUTRAL,
            by=(By.LEVEL, By.CONCERN, By.URGENCY, *_WHERE, By.SEX, By.QUARTER),
            records=records.referrals_received,
        ),
        Indicator(
            code="I32",
            title_id=N_("Referral resolution time"),
            meaning_id=N_("How long a level took, in the middle case, to resolve a referral that it received."),
            numerator_id=N_("Median of days from received to resolved at that level, of all resolved in the period"),
            unit=Unit.DAYS,
            direction=Direction.DOWN,
            by=(By.LEVEL, By.CONCERN, By.URGENCY, *_WHERE, By.QUARTER),
            records=records.referrals_resolved,
            is_median=True,
        ),
        Indicator(
            code="I33",
            title_id=N_("Referrals resolved in time"),
            meaning_id=N_("Which share of referrals a level resolved by the due time of their urgency."),
            numerator_id=N_("Resolved by the due time at the level that received them in the period"),
            denominator_id=N_("Resolved, or not resolved when the time to acknowledge or to resolve had passed"),
            unit=Unit.PER_CENT,
            direction=Direction.UP,
            by=(By.LEVEL, By.URGENCY, By.CONCERN, *_WHERE, By.QUARTER),
            records=records.referrals_timely,
            is_ratio=True,
        ),
    )
}
