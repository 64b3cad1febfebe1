"""Pages on which records of one child are compared, asked about, joined and parted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.matching import Level
from app.children.work import child_to_read
from app.core.asking import done, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import ListQuery
from app.core.templating import render
from app.finding import queries, service
from app.finding.schemas import AnswerQuestion, AskDuplicate, JoinDetail, JoinRecords, PartRecords
from app.finding.words import DuplicateAnswer, JoinState

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Registrar = Annotated[Actor, requires(Permission.CHILDREN_REGISTER)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Merger = Annotated[Actor, requires(Permission.CHILDREN_MERGE)]
_TONES = {Level.SURE: "overdue", Level.LIKELY: "due", Level.POSSIBLE: "info"}


class OtherRecord(ListQuery):
    """Which record the child's is compared with."""

    other: UUID | None = None


@router.get("/children/{child_id}/duplicates")
def list_duplicates(request: Request, db: Db, actor: Registrar, child_id: UUID) -> HTMLResponse:
    """Records that may be of the same child, what was asked about them, and joins."""
    return _duplicates(request, db, actor, child_id, Form())


@router.post("/children/{child_id}/duplicate-questions")
def ask_duplicate(request: Request, db: Db, actor: Registrar, child_id: UUID, form: Typed) -> Response:
    """Asks the worker of a record elsewhere."""
    if tried(db, form, form.bind(AskDuplicate), lambda given: service.ask_duplicate(db, actor, child_id, given)):
        return done(
            f"/children/{child_id}/duplicates", _("The worker of that record is asked. The answer comes onto your day.")
        )
    return _duplicates(request, db, actor, child_id, form)


def _duplicates(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    child = child_to_read(db, actor, child_id)
    found = queries.overview(db, actor, child_id)
    return render(
        request,
        "finding/duplicates.html",
        status=form.status,
        child=child,
        found=found,
        form=form,
        tones=_TONES,
        id=new_id(),
    )


@router.get("/duplicate-questions/{duplicate_question_id}")
def open_question(request: Request, db: Db, actor: Reader, duplicate_question_id: UUID) -> HTMLResponse:
    """What is asked, and the answer."""
    question = queries.open_question(db, actor, duplicate_question_id)
    return render(request, "finding/question.html", question=question, form=Form(), answers=DuplicateAnswer)


@router.post("/duplicate-questions/{duplicate_question_id}/answer")
def answer_question(request: Request, db: Db, actor: Writer, duplicate_question_id: UUID, form: Typed) -> Response:
    """Writes the answer down."""
    if tried(
        db,
        form,
        form.bind(AnswerQuestion),
        lambda given: service.answer_question(db, actor, duplicate_question_id, given),
    ):
        return done(
            f"/duplicate-questions/{duplicate_question_id}", _("The answer is written down, and who asked is told.")
        )
    question = queries.read_question(db, actor, duplicate_question_id)
    return render(
        request, "finding/question.html", status=form.status, question=question, form=form, answers=DuplicateAnswer
    )


@router.get("/children/{child_id}/joins/new")
def new_join(
    request: Request, db: Db, actor: Registrar, child_id: UUID, query: Annotated[OtherRecord, Query()]
) -> HTMLResponse:
    """Shows the two records beside each other, and asks which is kept."""
    values = {"id": str(new_id()), "other": str(query.other or ""), "keep": "this"}
    return _join_form(request, db, actor, child_id, Form(values))


@router.post("/children/{child_id}/joins/new")
def join_records(request: Request, db: Db, actor: Registrar, child_id: UUID, form: Typed) -> Response:
    """Joins the two, or asks who has to agree."""
    made = tried(db, form, form.bind(JoinRecords), lambda given: service.join_records(db, actor, child_id, given))
    if made:
        join = queries.read_join(db, actor, made.gave[0])
        joined = join.state is JoinState.JOINED
        said = _("The two records are joined.") if joined else _("The supervisor is asked to agree.")
        return done(f"/joins/{join.id}", said)
    return _join_form(request, db, actor, child_id, form)


def _join_form(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    child = child_to_read(db, actor, child_id)
    other_id = _as_id(form.value("other"))
    records = queries.two_records(db, actor, *(one for one in (child_id, other_id) if one is not None))
    queries.overview_noted(db, actor, child)
    owner = queries.owner_of(db, other_id) if other_id and queries.said_to_be_same(db, child_id, other_id) else None
    return render(
        request,
        "finding/join.html",
        status=form.status,
        child=child,
        this=records[child_id],
        other=records.get(other_id) if other_id else None,
        elsewhere=owner,
        form=form,
    )


def _as_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@router.get("/joins/{join_id}")
def open_join(request: Request, db: Db, actor: Reader, join_id: UUID) -> HTMLResponse:
    """How two records were joined, and parting them."""
    return _join_page(request, db, actor, queries.open_join(db, actor, join_id), Form())


@router.post("/joins/{join_id}/part")
def part_records(request: Request, db: Db, actor: Merger, join_id: UUID, form: Typed) -> Response:
    """Parts the two records again."""
    if tried(db, form, form.bind(PartRecords), lambda given: service.part_records(db, actor, join_id, given)):
        return done(f"/joins/{join_id}", _("The two records are parted again."))
    return _join_page(request, db, actor, queries.read_join(db, actor, join_id), form)


def _join_page(request: Request, db: Session, actor: Actor, join: JoinDetail, form: Form) -> HTMLResponse:
    # Who agrees compares: of each record what they may open of it, and what was asked about the other.
    records = queries.two_records(db, actor, *(one for one in (join.kept, join.joined) if one is not None))
    compared = [records[one] for one in (join.kept, join.joined) if one in records]
    return render(request, "finding/joined.html", status=form.status, join=join, records=compared, form=form)
