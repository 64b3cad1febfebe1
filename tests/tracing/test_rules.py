from datetime import date

import pytest

from app.core.errors import FieldError
from app.tracing.rules import check_next_step, check_past, why_no_contact, why_no_household
from app.tracing.words import Alive, RelativeContactKind, Verification, Willingness, Wish

TODAY = date(2026, 5, 4)
GOOD = {
    "alive": Alive.YES,
    "wish": Wish.CONTACT,
    "verification": Verification.VERIFIED,
    "safety_concern": False,
}


def test_a_verified_relative_meets_a_child_who_wants_it() -> None:
    assert all(why_no_contact(kind, **GOOD) is None for kind in RelativeContactKind)


@pytest.mark.parametrize(
    "change",
    [
        {"alive": Alive.NO},
        {"wish": Wish.NO_CONTACT},
        {"verification": Verification.CONTRADICTED},
        {"safety_concern": True},
    ],
)
def test_some_things_stop_every_contact(change: dict[str, object]) -> None:
    assert all(why_no_contact(kind, **(GOOD | change)) for kind in RelativeContactKind)


@pytest.mark.parametrize("change", [{"verification": Verification.NOT_YET}, {"wish": Wish.NOT_ASKED}])
def test_a_letter_may_come_before_a_meeting(change: dict[str, object]) -> None:
    stopped = {kind for kind in RelativeContactKind if why_no_contact(kind, **(GOOD | change))}
    assert stopped == {RelativeContactKind.SUPERVISED_VISIT, RelativeContactKind.HOME_VISIT}


def test_a_household_needs_more_than_a_name() -> None:
    willing = GOOD | {"willing": Willingness.WITH_HELP}
    assert why_no_household(**willing) is None
    for change in (
        {"verification": Verification.NOT_YET},
        {"alive": Alive.UNKNOWN},
        {"willing": Willingness.NO},
        {"wish": Wish.NO_CONTACT},
        {"safety_concern": True},
    ):
        assert why_no_household(**(willing | change))


@pytest.mark.parametrize(
    ("step", "until", "field"),
    [
        ("Go there", None, "next_on"),
        (None, date(2026, 5, 9), "next_step"),
        ("Go there", date(2026, 5, 3), "next_on"),
    ],
)
def test_a_next_step_has_its_day(step: str | None, until: date | None, field: str) -> None:
    with pytest.raises(FieldError) as error:
        check_next_step(step, until, TODAY, TODAY)
    assert error.value.errors[0][0] == field


def test_what_was_done_lies_not_in_the_future() -> None:
    check_past("done_on", TODAY, TODAY)
    with pytest.raises(FieldError):
        check_past("done_on", date(2026, 5, 5), TODAY)
