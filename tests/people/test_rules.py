from datetime import date
from uuid import UUID

import pytest

from app.access.roles import Role
from app.people.devices import device_words
from app.people.rules import (
    clean_username,
    day_problem,
    holds,
    local_path,
    password_problem,
    place_problem,
    temporary_password,
)

INSTITUTION = UUID(int=7)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("uwase", "uwase"),
        ("  Uwase.M ", "uwase.m"),
        ("cell_coordinator", "cell_coordinator"),
        ("u", None),
        ("1uwase", None),
        ("uwase marie", None),
        ("uwase\x00", None),
        ("u" * 41, None),
        ("üwase", None),
        ("'; drop table accounts; --", None),
        ("", None),
    ],
)
def test_usernames(typed: str, stored: str | None) -> None:
    assert clean_username(typed) == stored


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("inzu yacu ifite imiryango", True),
        ("amazi 3 imbuto", True),
        ("الأطفال في بيوتهم", True),
        ("too short", False),
        ("my name is uwase ok", False),
        ("UWASE is my name ok", False),
        ("Password1234!", False),
        ("tubarerere-demo", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("123456789012", False),
        ("qwertyuiop12", False),
    ],
)
def test_passwords(password: str, good: bool) -> None:
    assert (password_problem(password, "uwase") is None) is good


@pytest.mark.parametrize(
    ("role", "level", "institution", "field"),
    [
        (Role.VOLUNTEER, "village", None, None),
        (Role.VOLUNTEER, "cell", None, "place"),
        (Role.VOLUNTEER, None, None, "place"),
        (Role.CELL_COORDINATOR, "cell", None, None),
        (Role.SOCIAL_WORKER, "district", None, None),
        (Role.SOCIAL_WORKER, "sector", None, "place"),
        (Role.SOCIAL_WORKER, "district", INSTITUTION, "institution"),
        (Role.NATIONAL_OFFICER, None, None, None),
        (Role.NATIONAL_OFFICER, "district", None, "place"),
        (Role.INSTITUTION_MANAGER, None, INSTITUTION, None),
        (Role.INSTITUTION_MANAGER, "sector", None, "institution"),
        (Role.ADMINISTRATOR, None, None, None),
    ],
)
def test_where_a_role_may_stand(role: Role, level: str | None, institution: UUID | None, field: str | None) -> None:
    problem = place_problem(role, level, institution)
    assert (problem[0] if problem else None) == field


def test_temporary_passwords_can_be_read_aloud_and_follow_from_their_issue() -> None:
    first = temporary_password(b"key", UUID(int=1))
    assert first == temporary_password(b"key", UUID(int=1))
    assert first != temporary_password(b"key", UUID(int=2))
    assert first != temporary_password(b"another", UUID(int=1))
    assert len(first) == 14
    assert password_problem(first, "uwase") is None


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/children?cursor=a", "/children?cursor=a"),
        ("/", "/"),
        ("", "/"),
        ("//evil.example/x", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tx", "/"),
        ("/a b", "/"),
        ("http://[", "/"),
        ("children", "/"),
        ("/sign-in?next=/", "/"),
        ("/sign-out", "/"),
    ],
)
def test_only_paths_of_this_site_are_gone_on_to(asked: str, goes_to: str) -> None:
    assert local_path(asked) == goes_to


def test_an_address_of_this_very_host_is_a_path_too() -> None:
    assert local_path("http://here:8000/account?x=1", "here:8000") == "/account?x=1"
    assert local_path("http://there/account", "here:8000") == "/"


def test_an_appointment_holds_until_the_day_before_its_end() -> None:
    day = date(2026, 11, 21)
    assert holds(day, None, day)
    assert holds(date(2026, 1, 1), date(2026, 11, 22), day)
    assert not holds(date(2026, 1, 1), day, day)
    assert not holds(date(2026, 11, 22), None, day)


def test_days_that_cannot_be_meant() -> None:
    today = date(2026, 11, 21)
    assert day_problem(today, today) is None
    assert day_problem(date(1999, 12, 31), today)
    assert day_problem(date(2028, 1, 1), today)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; TECNO BG6) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("<script>alert(1)</script>", None),
        (None, None),
    ],
)
def test_a_browser_is_told_by_the_name_that_people_call_it(told, words):
    assert device_words(told) == words
