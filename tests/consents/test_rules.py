"""Who may consent, and whether something may be shared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.consents.rules import (
    Entry,
    check_assent,
    check_basis,
    check_giver,
    check_organisation,
    decide,
)
from app.consents.words import Answer, Assent, Giver, LegalBasis, Purpose
from app.core.errors import FieldError
from app.core.ids import new_id

DAY = date(2026, 3, 1)
ISANGE = "Isange One Stop Centre"


def _entry(day: int = 0, **values) -> Entry:
    defaults = {
        "id": new_id(),
        "purpose": Purpose.SHARING,
        "organisation": ISANGE,
        "answer": Answer.GIVEN,
        "basis": LegalBasis.CONSENT,
        "assent": Assent.YES,
        "given_on": DAY + timedelta(days=day),
        "created_at": datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day),
    }
    return Entry(**(defaults | values))


def _exception(day: int = 0, *, agreed: bool | None = True, **values) -> Entry:
    return _entry(day, answer=Answer.NOT_ASKED, basis=LegalBasis.VITAL_INTEREST, assent=None, agreed=agreed, **values)


def _withdrawn(day: int, on: int) -> Entry:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=on)
    return _entry(day, withdrawn_on=DAY + timedelta(days=on), withdrawn_at=at)


def _allowed(*entries: Entry, organisation: str | None = ISANGE) -> bool:
    return decide(entries, Purpose.SHARING, organisation).allowed


REFUSED = {"answer": Answer.REFUSED}


@pytest.mark.parametrize(
    ("entries", "allowed"),
    [
        ([], False),
        ([_entry()], True),
        ([_entry(**REFUSED)], False),
        ([_entry(assent=Assent.NO)], False),
        ([_entry(assent=Assent.NOT_ABLE)], True),
        ([_withdrawn(0, 2)], False),
        ([_entry(0), _entry(1, **REFUSED)], False),
        ([_entry(1), _entry(0, **REFUSED)], True),
        ([_withdrawn(0, 1), _entry(2)], True),
        # Exceptions: only agreed ones, and only those newer than what they stand over.
        ([_exception()], True),
        ([_exception(agreed=None)], False),
        ([_exception(agreed=False)], False),
        ([_entry(0, **REFUSED), _exception(1)], True),
        ([_entry(0, **REFUSED), _exception(1, agreed=None)], False),
        ([_entry(2, **REFUSED), _exception(1)], False),
        ([_withdrawn(0, 3), _exception(2)], False),
        ([_withdrawn(0, 1), _exception(2)], True),
        ([_entry(0, assent=Assent.NO), _exception(1)], True),
        ([_exception(1, withdrawn_on=DAY + timedelta(days=2))], False),
        # With whom: an entry for another organisation says nothing, a refusal without a name speaks for all.
        ([_entry(organisation="Another")], False),
        ([_entry(organisation="isange  one stop CENTRE")], True),
        ([_entry(0), _entry(1, organisation=None, **REFUSED)], False),
        ([_entry(2), _entry(1, organisation=None, **REFUSED)], True),
        ([_entry(purpose=Purpose.SERVICES, organisation=None)], False),
    ],
)
def test_whether_it_may_be_shared(entries, allowed):
    assert _allowed(*entries) is allowed


def test_the_reason_says_which_entry_decides():
    refusal, exception = _entry(0, **REFUSED), _exception(1)
    assert decide([refusal], Purpose.SHARING, ISANGE).consent == refusal.id
    found = decide([refusal, exception], Purpose.SHARING, ISANGE)
    assert (found.consent, "supervisor agreed" in found.reason) == (exception.id, True)
    assert decide([], Purpose.TRACING).reason == "No consent is written down for this yet"


@pytest.mark.parametrize(
    ("giver", "born_on", "fits"),
    [
        (Giver.CHILD, date(2010, 3, 1), True),
        (Giver.CHILD, date(2010, 3, 2), False),
        (Giver.CHILD, None, False),
        (Giver.CAREGIVER, date(2010, 3, 2), True),
        (Giver.CAREGIVER, date(2009, 1, 1), True),
        (Giver.CAREGIVER, date(1981, 1, 1), False),
        (Giver.CHILD, date(1981, 1, 1), True),
        (Giver.OTHER, date(1981, 1, 1), True),
        (Giver.CAREGIVER, None, True),
    ],
)
def test_who_may_consent_on_that_day(giver, born_on, fits):
    def ask(answer):
        check_giver(giver, answer, LegalBasis.CONSENT, born_on=born_on, given_on=DAY)

    ask(Answer.REFUSED)
    if fits:
        ask(Answer.GIVEN)
    else:
        with pytest.raises(FieldError):
            ask(Answer.GIVEN)


def test_what_contradicts_itself_is_told_at_its_field():
    for check, field in (
        (lambda: check_basis(Answer.NOT_ASKED, LegalBasis.CONSENT, None), "answer"),
        (lambda: check_basis(Answer.GIVEN, LegalBasis.VITAL_INTEREST, "x"), "basis"),
        (lambda: check_basis(Answer.NOT_ASKED, LegalBasis.LEGAL_OBLIGATION, None), "reason"),
        (lambda: check_assent(Giver.CAREGIVER, Answer.GIVEN, None), "assent"),
        (lambda: check_organisation(Purpose.SHARING, Answer.GIVEN, None), "organisation"),
        (lambda: check_organisation(Purpose.TRACING, Answer.GIVEN, "X"), "organisation"),
    ):
        with pytest.raises(FieldError) as told:
            check()
        assert told.value.errors[0][0] == field
    check_organisation(Purpose.SHARING, Answer.REFUSED, None)
