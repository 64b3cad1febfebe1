"""From what was typed to a command, and back with everything that was typed."""

from datetime import date
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.datastructures import FormData

from app.core.errors import Conflict, FieldError
from app.core.forms import Form
from app.core.schemas import Command, Money
from app.core.text import Name, Prose


class Hint(Command):
    sex: Literal["female", "male"] | None = None


class Person(Command):
    name: Name
    age: Annotated[int, Field(ge=0, le=150)] | None = None


class Everything(Command):
    name: Name
    note: Prose = ""
    born_on: date | None = None
    count: Annotated[int, Field(ge=1, le=9)] = 1
    is_open: bool | None = None
    hint: Hint | None = None
    members: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()


def bound(*pairs: tuple[str, str], **fixed) -> tuple[Everything | None, Form]:
    form = Form(FormData(list(pairs)))
    return form.bind(Everything, **fixed), form


def test_a_whole_form_becomes_a_command():
    command, form = bound(
        ("name", " Keza "),
        ("born_on-day", "7"),
        ("born_on-month", "3"),
        ("born_on-year", "2019"),
        ("count", "3"),
        ("is_open", "no"),
        ("hint.sex", "female"),
        ("members.10.name", "Second"),
        ("members.2.name", "First"),
        ("members.2.age", "40"),
        ("tags[]", "a"),
        ("tags[]", "b"),
        ("_action", "save"),
        ("note", "  "),
    )
    assert form.errors == []
    assert command == Everything(
        name="Keza",
        born_on=date(2019, 3, 7),
        count=3,
        is_open=False,
        hint=Hint(sex="female"),
        members=(Person(name="First", age=40), Person(name="Second")),
        tags=("a", "b"),
    )


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("count", "many", "Write a whole number"),
        ("count", "0", "The number is too small"),
        ("count", "10", "The number is too large"),
        ("is_open", "perhaps", "Choose yes or no"),
        ("hint.sex", "none", "Choose one of the answers"),
        ("name", "x" * 101, "At most 100 characters"),
        ("note", "x" * 2001, "At most 2000 characters"),
        ("stranger", "x", "This field is not known"),
        ("members.0.age", "old", "Write a whole number"),
    ],
)
def test_what_is_wrong_stands_at_its_field(field, typed, message):
    pairs = {"name": "Keza", "members.0.name": "First", field: typed}
    command, form = bound(*pairs.items())
    assert command is None
    assert form.error(field) == message
    assert form.value(field) == typed


def test_a_needed_field_that_is_empty_is_asked_for():
    command, form = bound(("name", "   "))
    assert command is None
    assert form.errors == [("name", "This is needed")]


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("31", "2", "2019"), ("", "3", "2019"), ("7", "", ""), ("7", "3", "19"), ("x", "3", "2019"), ("-7", "3", "2019")],
)
def test_a_date_that_is_none_is_told(day, month, year):
    command, form = bound(("name", "Keza"), ("born_on-day", day), ("born_on-month", month), ("born_on-year", year))
    assert command is None
    assert form.error("born_on") == "Write a date as day, month and year, for example 27 3 2019"
    assert (form.value("born_on-day"), form.value("born_on-year")) == (day, year)


class Bill(Command):
    amount: Annotated[Money, Field(ge=0)]


@pytest.mark.parametrize("typed", ["45000", " 45 000 ", "45.000", "45,000", "45\u00a0000", "45\u202f000", "45'000"])
def test_an_amount_is_read_as_people_write_it(typed):
    bill = Form(FormData([("amount", typed)])).bind(Bill)
    assert bill is not None
    assert bill.amount == 45_000


@pytest.mark.parametrize("typed", ["45.5", "4.50", "45.000.0", "45,00", "forty"])
def test_what_is_no_whole_amount_is_not_guessed(typed):
    form = Form(FormData([("amount", typed)]))
    assert form.bind(Bill) is None
    assert form.errors == [("amount", "Write a whole number")]


def test_what_the_page_gives_wins():
    command, _form = bound(("name", "Typed"), name="Given")
    assert command is not None
    assert command.name == "Given"


def test_a_verbs_complaint_lands_at_its_field_and_a_conflict_at_the_top():
    form = Form({"name": "Keza"})
    form.fail(FieldError("name", "Not this one", ("count", "Nor that many")))
    form.fail(Conflict("Somebody was first"))
    assert form.error("name") == "Not this one"
    assert form.error("count") == "Nor that many"
    assert form.errors[-1] == ("", "Somebody was first")


def test_what_no_page_can_show_is_not_shown():
    assert Form({"name": "Ke\x00z\x1ba\n"}).value("name") == "Keza\n"


NAMES = st.text(alphabet="ab.0[]-_\u00b2\u0661", max_size=12) | st.sampled_from(
    ["name", "name.x", "members", "members.0", "members.0.name", "members.x.name", "born_on-day", "hint", "hint.sex"]
)


@given(st.lists(st.tuples(NAMES, st.text(max_size=8)), max_size=6))
def test_no_form_makes_the_binder_fail(pairs):
    command, form = bound(*pairs)
    assert (command is None) == bool(form.errors)


def test_a_change_clears_what_was_left_empty():
    form = Form({"name": " ", "phone": "0788", "born_on-day": "", "born_on-month": "", "seen_on-year": "2019"})
    assert form.left_empty("name", "phone", "born_on", "seen_on", "note") == dict.fromkeys(("name", "born_on", "note"))
