"""Referrals, for people: what waits, and each one as a ladder with what can be done with it."""

from collections.abc import Callable
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core import clock
from app.core.asking import Carried, done, pressed, tried, version_in
from app.core.db import Db
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import Command
from app.core.templating import render
from app.places.narrowing import narrowing
from app.referrals import filing_pages, queries, service, story, worries  # noqa: F401 - it begins a case
from app.referrals.rules import id_for_child
from app.referrals.schemas import (
    ReferralAnswer,
    ReferralDetail,
    ReferralEscalate,
    ReferralPageQuery,
    ReferralResolve,
    ReferralReturn,
    ReferralWithdraw,
)
from app.referrals.words import HopEnd, Outcome, Urgency, Verb

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(filing_pages.router)

Reader = Annotated[Actor, requires(Permission.REFERRALS_READ)]
Author = Annotated[Actor, requires(Permission.REFERRALS_FILE)]
Officer = Annotated[Actor, requires(Permission.REFERRALS_ACT)]


# What waits


@router.get("/referrals")
def list_referrals(
    request: Request, db: Db, actor: Reader, query: Annotated[ReferralPageQuery, Query()]
) -> HTMLResponse:
    """What waits for an office; for a volunteer all that they sent."""
    acts = actor.may_ever(Permission.REFERRALS_ACT)
    view = query.view or ("inbox" if acts else "all")
    found = queries.list_referrals(db, actor, query.as_query(view))
    shown = {referral.id for referral in found.items}
    news = queries.unread_notices(db, actor)
    return render(
        request,
        "referrals/list.html",
        block="list",
        found=found,
        view=view,
        acts=acts,
        query=query,
        urgencies=Urgency,
        new={notice.referral_id for notice in news},
        notices=[] if query.narrows else [notice for notice in news if notice.referral_id not in shown],
        where_it_is=story.where_it_is,
        how_late=story.how_late,
        child_words=story.child_words,
        narrow=narrowing(db, actor, query.place, query.place_q),
    )


# One referral as a ladder


@router.get("/referrals/{referral_id}")
def open_referral(request: Request, db: Db, actor: Reader, referral_id: UUID) -> HTMLResponse:
    """Where it is and what came of it; what the reader can do with it comes first."""
    return _ladder(request, db, actor, referral_id)


def _ladder(
    request: Request,
    db: Session,
    actor: Actor,
    referral_id: UUID,
    *,
    status: int = 200,
    told: str | None = None,
    typed: str | None = None,
) -> HTMLResponse:
    referral = queries.open_referral(db, actor, referral_id)
    now = clock.now()
    quiet = [verb for verb in (Verb.RETURN, Verb.ESCALATE, Verb.RESOLVE, Verb.WITHDRAW) if verb in referral.can]
    main = next((verb for verb in _MAIN if verb in referral.can), None)
    return render(
        request,
        "referrals/detail.html",
        status=status,
        referral=referral,
        told=told,
        typed=typed,
        main=main.value if main else None,
        main_words=main.label if main else None,
        copy_only=main is not None and main is not Verb.ANSWER and actor.level is not referral.level.level,
        quiet=[(verb.value, _button(verb, referral)) for verb in quiet if verb is not main],
        where=story.where_it_is(referral, now),
        late=story.how_late(referral, now),
        then=story.what_then(referral, now),
        rungs=story.rungs_of(referral, queries.offices_of(db, referral.area_code), now),
        history=story.history_of(referral),
        described=story.child_words(referral.child_sex, referral.child_age_band),
        to_register=_known_of_child(db, actor, referral),
    )


def _known_of_child(db: Session, actor: Actor, referral: ReferralDetail) -> dict[str, str] | None:
    """What the form for a new child begins with, for whoever works on a referral of a child without a record."""
    if referral.child or Verb.RESOLVE not in referral.can or not actor.may_ever(Permission.CHILDREN_REGISTER):
        return None
    child_id = new_id() if queries.is_registered(db, referral.id) else id_for_child(referral.id)
    known = {"_duplicates": "change", "id": str(child_id)}
    if referral.child_sex is not None:
        known["sex"] = referral.child_sex.value
    if referral.area_code % 100:  # A place above the village ends with zeros.
        known["village"] = str(referral.area_code)
    return known


_MAIN = (Verb.ANSWER, Verb.ACKNOWLEDGE, Verb.ACCEPT, Verb.RESOLVE)
"""What comes first of that which is possible: one main action a page."""


def _button(verb: Verb, referral: ReferralDetail) -> str:
    if verb is Verb.ESCALATE and referral.escalates_to is not None:
        return story.escalate_to(referral.escalates_to.level)
    if verb is Verb.RETURN and referral.returns_to is not None:
        return story.return_to(referral.returns_to.level)
    return verb.label


@router.post("/referrals/{referral_id}/acknowledge")
def acknowledge(request: Request, db: Db, actor: Officer, referral_id: UUID, form: Typed) -> Response:
    """Says that the office has seen it."""
    carried = pressed(db, form, lambda: service.acknowledge_referral(db, actor, referral_id, version_in(form)))
    return _after(request, db, actor, referral_id, Verb.ACKNOWLEDGE, form, carried)


@router.post("/referrals/{referral_id}/accept")
def accept(request: Request, db: Db, actor: Officer, referral_id: UUID, form: Typed) -> Response:
    """Says that the office works on it."""
    carried = pressed(db, form, lambda: service.accept_referral(db, actor, referral_id, version_in(form)))
    return _after(request, db, actor, referral_id, Verb.ACCEPT, form, carried)


@router.get("/referrals/{referral_id}/return")
def ask_return(request: Request, db: Db, actor: Officer, referral_id: UUID) -> HTMLResponse:
    """What is asked of the level below, or of the author."""
    return _ask(request, db, actor, referral_id, Verb.RETURN, Form())


@router.post("/referrals/{referral_id}/return")
def return_down(request: Request, db: Db, actor: Officer, referral_id: UUID, form: Typed) -> Response:
    """Sends it down with the question."""
    return _answered(request, db, actor, referral_id, Verb.RETURN, form)


@router.get("/referrals/{referral_id}/escalate")
def ask_escalate(request: Request, db: Db, actor: Officer, referral_id: UUID) -> HTMLResponse:
    """Why it should go up."""
    return _ask(request, db, actor, referral_id, Verb.ESCALATE, Form())


@router.post("/referrals/{referral_id}/escalate")
def escalate(request: Request, db: Db, actor: Officer, referral_id: UUID, form: Typed) -> Response:
    """Sends it up with the reason."""
    return _answered(request, db, actor, referral_id, Verb.ESCALATE, form)


@router.get("/referrals/{referral_id}/resolve")
def ask_resolve(request: Request, db: Db, actor: Officer, referral_id: UUID) -> HTMLResponse:
    """What came of it; where a case was opened from it, the form says so already."""
    return _ask(request, db, actor, referral_id, Verb.RESOLVE, None)


@router.post("/referrals/{referral_id}/resolve")
def resolve(request: Request, db: Db, actor: Officer, referral_id: UUID, form: Typed) -> Response:
    """Closes it with its outcome."""
    return _answered(request, db, actor, referral_id, Verb.RESOLVE, form)


@router.get("/referrals/{referral_id}/answer")
def ask_answer(request: Request, db: Db, actor: Author, referral_id: UUID) -> HTMLResponse:
    """The question that came back, and a box for the answer."""
    return _ask(request, db, actor, referral_id, Verb.ANSWER, Form())


@router.post("/referrals/{referral_id}/answer")
def answer(request: Request, db: Db, actor: Author, referral_id: UUID, form: Typed) -> Response:
    """Sends the answer, and the referral up again."""
    return _answered(request, db, actor, referral_id, Verb.ANSWER, form)


@router.get("/referrals/{referral_id}/withdraw")
def ask_withdraw(request: Request, db: Db, actor: Author, referral_id: UUID) -> HTMLResponse:
    """Why it is taken back, if the author wants to say."""
    return _ask(request, db, actor, referral_id, Verb.WITHDRAW, Form())


@router.post("/referrals/{referral_id}/withdraw")
def withdraw(request: Request, db: Db, actor: Author, referral_id: UUID, form: Typed) -> Response:
    """Takes it back."""
    return _answered(request, db, actor, referral_id, Verb.WITHDRAW, form)


class _Asking(NamedTuple):
    """A verb that asks one thing on a page of its own: its command, what carries it out, the field of the text."""

    command: type[Command]
    act: Callable[..., None]
    text: str


_ASKING = {
    Verb.RETURN: _Asking(ReferralReturn, service.return_referral, "reason"),
    Verb.ESCALATE: _Asking(ReferralEscalate, service.escalate_referral, "reason"),
    Verb.RESOLVE: _Asking(ReferralResolve, service.resolve_referral, "note"),
    Verb.WITHDRAW: _Asking(ReferralWithdraw, service.withdraw_referral, "reason"),
    Verb.ANSWER: _Asking(ReferralAnswer, service.answer_referral, "answer"),
}


def _ask(request: Request, db: Session, actor: Actor, referral_id: UUID, verb: Verb, form: Form | None) -> HTMLResponse:
    referral = queries.open_referral(db, actor, referral_id)
    if verb not in referral.can:
        raise Forbidden(_("This cannot be done with the referral as it is now."))
    form = form or _as_it_came(db, actor, referral)
    return render(
        request,
        "referrals/ask.html",
        status=form.status,
        form=form,
        referral=referral,
        verb=verb.value,
        button=_button(verb, referral),
        where=story.where_it_is(referral, clock.now()),
        question=next((hop.reason for hop in reversed(referral.hops) if hop.ended is HopEnd.RETURNED), None),
        outcomes=Outcome,
    )


def _as_it_came(db: Session, actor: Actor, referral: ReferralDetail) -> Form:
    known = referral.child.id if referral.child else None
    code = queries.case_from(db, actor, referral.id, known, referral.filed_at)
    return Form({"outcome": Outcome.CASE_OPENED.value, "child_code": code} if code else {})


def _answered(request: Request, db: Session, actor: Actor, referral_id: UUID, verb: Verb, form: Form) -> Response:
    asking = _ASKING[verb]
    command, version = form.bind(asking.command), version_in(form)
    carried = tried(db, form, command, lambda given: asking.act(db, actor, referral_id, given, version))
    if form.status == FieldError.status:
        return _ask(request, db, actor, referral_id, verb, form)
    return _after(request, db, actor, referral_id, verb, form, carried, typed=form.value(asking.text))


def _after(
    request: Request,
    db: Session,
    actor: Actor,
    referral_id: UUID,
    verb: Verb,
    form: Form,
    carried: Carried[None] | None,
    *,
    typed: str | None = None,
) -> Response:
    """Goes on; where somebody was first, shows how the referral stands now and what was typed."""
    if carried:
        level = queries.read_referral(db, actor, referral_id).level.level
        return done(f"/referrals/{referral_id}", _DONE[verb]() if verb in _DONE else story.sent_to(level))
    told = form.errors[0][1]
    try:
        return _ladder(request, db, actor, referral_id, status=form.status, told=told, typed=typed)
    except NotFound:
        # It has left the actor's sight; that somebody was first is all there is to tell.
        raise form.stale or Conflict(told) from None


_DONE: dict[Verb, Callable[[], str]] = {
    Verb.ACKNOWLEDGE: lambda: _("Acknowledged. Now accept it, or send it on."),
    Verb.ACCEPT: lambda: _("Accepted. It stays with you until you resolve it or send it on."),
    Verb.RESOLVE: lambda: _("Resolved. Its author is told what came of it."),
    Verb.WITHDRAW: lambda: _("Withdrawn. Nobody will act on it."),
}
