"""What a caseload means, from plain numbers."""

from datetime import date, timedelta

import pytest

from app.core.errors import FieldError
from app.supervision.rules import check_conference, check_cover, weeks_since

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("days", "weeks"), [(None, None), (0, 0), (6, 0), (7, 1), (70, 10), (-3, 0)])
def test_weeks_are_full_weeks(days, weeks):
    assert weeks_since(None if days is None else TODAY - timedelta(days=days), TODAY) == weeks


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(0, 1, None), (0, 180, None), (-1, 5, "starts_on"), (5, 5, "ends_on"), (5, 2, "ends_on"), (0, 181, "ends_on")],
)
def test_a_cover_is_a_leave(starts, ends, field):
    given = (TODAY + timedelta(days=starts), TODAY + timedelta(days=ends))
    if field is None:
        check_cover(*given, today=TODAY)
        return
    with pytest.raises(FieldError) as wrong:
        check_cover(*given, today=TODAY)
    assert [name for name, _words in wrong.value.errors] == [field]


@pytest.mark.parametrize(("days", "fits"), [(0, True), (-366, True), (1, False), (-367, False)])
def test_a_conference_was_held_lately(days, fits):
    if fits:
        check_conference(TODAY + timedelta(days=days), today=TODAY)
    else:
        with pytest.raises(FieldError):
            check_conference(TODAY + timedelta(days=days), today=TODAY)
