"""Who may consent, and whether something may be shared: pure, over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.children.rules import age_on
from app.consents.words import Answer, Assent, ConsentState, Giver, LegalBasis, Purpose
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.text import fold

AGE_OF_CONSENT = 16
"""Law 058/2021, article 9: below it, the holder of parental responsibility consents."""
FULL_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as the rule reads it. `agreed` is what the supervisor said; None while nobody has answered."""

    id: UUID
    purpose: Purpose
    organisation: str | None
    answer: Answer
    basis: LegalBasis
    assent: Assent | None
    given_on: date
    created_at: datetime
    withdrawn_on: date | None = None
    withdrawn_at: datetime | None = None
    agreed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Whether something may be done with a child's information, and why; `consent` is the entry that says so."""

    allowed: bool
    reason: str
    consent: UUID | None = None


def state_of(entry: Entry) -> ConsentState:
    """How an entry stands by itself, whatever came after it."""
    if entry.withdrawn_on is not None:
        return ConsentState.WITHDRAWN
    if entry.basis is not LegalBasis.CONSENT:
        if entry.agreed is None:
            return ConsentState.WAITS
        return ConsentState.HOLDS if entry.agreed else ConsentState.NOT_AGREED
    if entry.answer is Answer.REFUSED:
        return ConsentState.REFUSED
    return ConsentState.CHILD_SAYS_NO if entry.assent is Assent.NO else ConsentState.HOLDS


def decide(entries: Iterable[Entry], purpose: Purpose, organisation: str | None = None) -> Sharing:
    """Whether a purpose may be followed now: the newest answer stands, a newer agreed exception stands over it.

    An entry without an organisation speaks for every organisation. An exception that waits, was not agreed or was
    withdrawn changes nothing; one that is older than a refusal must be asked for anew.
    """
    wanted = _concerning(entries, purpose, organisation)
    answers = [entry for entry in wanted if entry.basis is LegalBasis.CONSENT]
    exceptions = [
        entry for entry in wanted if entry.basis is not LegalBasis.CONSENT and state_of(entry) is ConsentState.HOLDS
    ]
    newest = max(answers, key=_age, default=None)
    exception = max(exceptions, key=_age, default=None)
    if newest is not None and state_of(newest) is ConsentState.HOLDS:
        return Sharing(allowed=True, reason=_("Consent was given"), consent=newest.id)
    if exception is not None and (newest is None or _blocked_at(newest) <= _age(exception)):
        reason = _("%(basis)s; the supervisor agreed") % {"basis": exception.basis.label}
        return Sharing(allowed=True, reason=reason, consent=exception.id)
    if newest is None:
        return Sharing(allowed=False, reason=_("No consent is written down for this yet"))
    return Sharing(allowed=False, reason=_WHY_NOT[state_of(newest)](), consent=newest.id)


_WHY_NOT = {
    ConsentState.REFUSED: lambda: _("It was refused"),
    ConsentState.CHILD_SAYS_NO: lambda: _("The child says no"),
    ConsentState.WITHDRAWN: lambda: _("The consent was withdrawn"),
}


def _concerning(entries: Iterable[Entry], purpose: Purpose, organisation: str | None) -> list[Entry]:
    sought = fold(organisation) if organisation else None
    return [
        entry
        for entry in entries
        if entry.purpose is purpose
        and (purpose is not Purpose.SHARING or not entry.organisation or fold(entry.organisation) == sought)
    ]


def _age(entry: Entry) -> tuple[date, datetime]:
    return entry.given_on, entry.created_at


def _blocked_at(entry: Entry) -> tuple[date, datetime]:
    """From when an answer blocks: its own day, or the day on which it was withdrawn."""
    if entry.withdrawn_on is not None and entry.withdrawn_at is not None:
        return entry.withdrawn_on, entry.withdrawn_at
    return _age(entry)


# What may be written


def check_giver(giver: Giver, answer: Answer, basis: LegalBasis, *, born_on: date | None, given_on: date) -> None:
    """Raises `FieldError` where the person who consents may not: a child below sixteen, or others for a grown person.

    A refusal is written down whoever says it. Where the age is not known, the person counts as below sixteen.
    """
    if basis is not LegalBasis.CONSENT or answer is not Answer.GIVEN:
        return
    age = age_on(born_on, given_on)
    if giver is Giver.CHILD and age is None:
        raise FieldError(
            "given_by", _("The age is not known. Write an estimate of the date of birth first, or who is responsible.")
        )
    if giver is Giver.CHILD and age is not None and age < AGE_OF_CONSENT:
        raise FieldError(
            "given_by",
            _("Below 16 the holder of parental responsibility consents. What the child says stands beside it."),
        )
    if giver is Giver.CAREGIVER and age is not None and age >= FULL_AGE:
        raise FieldError("given_by", _("A grown person consents alone. Ask the person, or write down the guardian."))


def check_basis(answer: Answer, basis: LegalBasis, reason: str | None) -> None:
    """Raises `FieldError` where answer, basis and reason contradict each other."""
    if basis is LegalBasis.CONSENT and answer is Answer.NOT_ASKED:
        raise FieldError("answer", _("Say whether consent was given or refused, or choose another basis"))
    if basis is not LegalBasis.CONSENT and answer is not Answer.NOT_ASKED:
        raise FieldError("basis", _("An answer rests on consent. Another basis is written down without an answer."))
    if basis is not LegalBasis.CONSENT and not reason:
        raise FieldError("reason", _("Write why it may be done without consent; the supervisor decides on it"))


def check_assent(giver: Giver | None, answer: Answer, assent: Assent | None) -> None:
    """Raises `FieldError` where a child was not asked."""
    if answer is Answer.GIVEN and giver is not Giver.CHILD and assent is None:
        raise FieldError("assent", _("Say what the child says to it"))


def check_organisation(purpose: Purpose, answer: Answer, organisation: str | None) -> None:
    """Raises `FieldError` for a sharing with nobody in particular, and for an organisation where none belongs."""
    if purpose is not Purpose.SHARING and organisation:
        raise FieldError("organisation", _("An organisation is named only where information is shared with it"))
    if purpose is Purpose.SHARING and not organisation and answer is not Answer.REFUSED:
        raise FieldError("organisation", _("Name the organisation; consent to share with anybody is none"))


def check_days(given_on: date, *, born_on: date | None, today: date) -> None:
    """Raises `FieldError` for a day on which nobody can have said it."""
    if given_on > today:
        raise FieldError("given_on", _("This day lies in the future"))
    if born_on is not None and given_on < born_on:
        raise FieldError("given_on", _("This is before the child was born"))


def check_withdrawal(withdrawn_on: date, *, given_on: date, today: date) -> None:
    """Raises `FieldError` for a withdrawal before what it withdraws, or in the future."""
    if withdrawn_on > today:
        raise FieldError("withdrawn_on", _("This day lies in the future"))
    if withdrawn_on < given_on:
        raise FieldError("withdrawn_on", _("This is before the consent was given"))


def check_said(how: object, given_by: object, basis: LegalBasis) -> None:
    """Raises `FieldError` for an answer of which nobody knows who gave it, and how."""
    if basis is LegalBasis.CONSENT and how is None:
        raise FieldError("how", _("Say whether it was by word of mouth or in writing"))
    if basis is LegalBasis.CONSENT and given_by is None:
        raise FieldError("given_by", _("Say who answered"))
