"""Trying a verb from a page: what is undone, what the form knows then, and the small parts beside it."""

from datetime import date

import pytest
from sqlalchemy import text

from app.core.asking import day_boxes, pressed, sought, tried, version_in
from app.core.errors import Conflict, FieldError, Stale
from app.core.forms import Form
from app.core.schemas import Page


def test_a_command_that_did_not_bind_is_not_tried(db):
    assert tried(db, Form(), None, lambda _given: pytest.fail("tried")) is None


def test_what_a_verb_gives_comes_back(db):
    form = Form({"name": "Keza"})
    made = tried(db, form, "Keza", lambda given: given.upper())
    assert made is not None
    assert (made.gave, form.status, form.errors) == ("KEZA", 200, [])
    # A verb that gives nothing was carried out all the same.
    assert pressed(db, form, lambda: None)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (FieldError("name", "Too long"), 422, [("name", "Too long")]),
        (Conflict("It has ended"), 409, [("", "It has ended")]),
        (Stale(), 412, [("", "This record has changed since you opened it")]),
    ],
)
def test_a_verb_that_complains_is_undone_and_the_form_says_why(db, error, status, told):
    def verb(_given):
        db.execute(text("create table half_done ()"))
        raise error

    form = Form()
    assert tried(db, form, "x", verb) is None
    assert (form.status, form.errors, form.stale) == (status, told, error if status == 412 else None)
    assert db.scalar(text("select to_regclass('half_done')")) is None


def test_a_page_that_shows_both_versions_says_it_once(db):
    def verb(_given):
        raise Stale(current={"name": "Mado"})

    form = Form()
    assert tried(db, form, "x", verb, shows_both=True) is None
    assert (form.status, form.errors, form.stale.current) == (412, [], {"name": "Mado"})


@pytest.mark.parametrize(
    ("given", "version"), [("3", 3), (" 0", 0), ("", -1), ("three", -1), ("²", -1), ("9" * 10, -1)]
)
def test_a_form_without_its_version_has_seen_nothing(given, version):
    assert version_in(Form({"_version": given})) == version
    assert version_in(Form()) == -1


def test_a_list_whose_filters_do_not_fit_is_empty_and_says_so_at_the_top():
    def look():
        raise FieldError("q", "Write more")

    form = Form()
    assert sought(form, look) == Page(items=[])
    assert (form.status, form.errors) == (422, [("", "Write more")])
    assert sought(Form(), lambda: Page(items=[1])).items == [1]


def test_a_day_fills_three_boxes():
    assert day_boxes("born_on", date(2019, 3, 7)) == {
        "born_on-day": "7",
        "born_on-month": "3",
        "born_on-year": "2019",
    }
    assert day_boxes("born_on", None) == {}
