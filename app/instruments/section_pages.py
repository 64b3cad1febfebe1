"""A draft, for people: its task list, and one short page for each section, saved as one goes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import may_work_on
from app.core import clock, formats
from app.core.asking import done, tried, version_in
from app.core.db import Db
from app.core.errors import Forbidden, NotFound, Stale
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render
from app.instruments import queries, rules, service
from app.instruments.definitions import Definition, FormCondition, Question, Section
from app.instruments.filling import PREFIX, at_boxes, begun, filled, typed
from app.instruments.schemas import AnswersFile
from app.instruments.words import NOT_ASSESSED, SCALE, AnswersState, SectionState, scale_label
from app.instruments.writing import may_fill_in

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/drafts/{draft_id}")
def show_draft(request: Request, db: Db, actor: Reader, draft_id: UUID) -> HTMLResponse:
    """The sections of a draft and how far each is."""
    draft = queries.open_answers(db, actor, draft_id)
    definition = queries.definition_of(draft)
    newest = queries.active_versions(db, queries.district_of(draft.area_code))[draft.instrument]
    states = {
        section.key: rules.standing(definition, section, draft.answers, saved=section.key in draft.sections)
        for section in definition.sections
    }
    return render(
        request,
        "instruments/draft.html",
        draft=draft,
        definition=definition,
        states=states,
        versions=_versions(definition, draft),
        next_section=rules.first_open(definition, draft.answers, draft.sections),
        all_done=set(states.values()) <= {SectionState.DONE, SectionState.NOT_NEEDED},
        newer=newest if newest.version > definition.version and draft.state is AnswersState.DRAFT else None,
        may_write=draft.state is AnswersState.DRAFT and _may_write(actor, draft, definition),
    )


@router.get("/drafts/{draft_id}/sections/{section}")
def show_section(request: Request, db: Db, actor: Reader, draft_id: UUID, section: str) -> HTMLResponse:
    """The questions of a section."""
    draft = queries.open_answers(db, actor, draft_id, AnswersState.DRAFT)
    definition, found = _section(draft, section)
    if not _may_write(actor, draft, definition):
        raise Forbidden(_("Only the worker who is responsible for this child, or the supervisor, writes in this file"))
    first = {} if section in draft.sections else begun(found.questions, clock.today())
    form = filled(found.questions, first | draft.answers)
    return _page(request, actor, draft, definition, found, form)


@router.post("/drafts/{draft_id}/sections/{section}")
def save_section(request: Request, db: Db, actor: Writer, draft_id: UUID, section: str, form: Typed) -> Response:
    """Saves the section and goes on to the next one that is open."""
    draft = queries.read_answers(db, actor, draft_id)
    definition, found = _section(draft, section)
    answers = typed(form, found.questions)
    if tried(
        db,
        form,
        answers,
        lambda given: service.save_section(db, actor, draft_id, section, given, version=version_in(form)),
        shows_both=True,
    ):
        return _onward(db, actor, draft_id, found)
    draft = queries.read_answers(db, actor, draft_id)
    if form.stale is None:
        at_boxes(form)
    else:
        # What only one of the two answered is joined; where they differ, the form shows what was typed now.
        mine = rules.read_answers(found.questions, answers, today=clock.today()).values
        joined = filled(found.questions, draft.answers | mine)
        joined.status, joined.stale = form.status, form.stale
        form = joined
    return _page(request, actor, draft, definition, found, form)


def _onward(db: Session, actor: Actor, draft_id: UUID, section: Section) -> Response:
    draft = queries.read_answers(db, actor, draft_id)
    definition = queries.definition_of(draft)
    following = definition.sections[definition.sections.index(section) + 1 :]
    asked = rules.shown(definition, draft.answers)
    onward = next((one for one in following if any(q.key in asked for q in one.questions)), None)
    address = f"/drafts/{draft_id}/sections/{onward.key}" if onward else f"/drafts/{draft_id}"
    return done(address, _("Saved: %(section)s") % {"section": section.title.label})


@router.post("/drafts/{draft_id}/sections/{section}/autosave")
def autosave(db: Db, actor: Writer, draft_id: UUID, section: str, form: Typed) -> Response:
    """Saves what fits while somebody types; answers with the section's version and the time, for the script."""
    draft = queries.read_answers(db, actor, draft_id)
    _definition, found = _section(draft, section)
    try:
        with db.begin_nested():
            given = typed(form, found.questions)
            saved = service.save_section(
                db, actor, draft_id, section, given, version=version_in(form), keep_what_fits=True
            )
    except Stale:
        return JSONResponse({"stale": True}, 412)
    content = {"version": saved.version, "at": formats.clock_time(saved.at), "left_out": len(saved.errors)}
    return JSONResponse(content)


def _page(
    request: Request,
    actor: Actor,
    draft: AnswersFile,
    definition: Definition,
    section: Section,
    form: Form,
) -> HTMLResponse:
    saved = draft.sections.get(section.key)
    return render(
        request,
        "instruments/section.html",
        status=form.status,
        form=form,
        draft=draft,
        definition=definition,
        section=section,
        number=definition.sections.index(section) + 1,
        asked=_asked(definition, section, draft.answers),
        prefix=PREFIX,
        steps=_steps,
        version=draft.section_version(section.key),
        saved=saved | {"at": datetime.fromisoformat(saved["at"])} if saved else None,
        differing=_differing(form.stale) if form.stale else [],
        versions=_versions(definition, draft),
        keep=f"{draft.id}:{section.key}:{actor.account_id}",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a page, and the conditions on the same page: for the script as JSON, for a person in words."""

    question: Question
    conditions: str | None
    only_if: str | None


def _asked(definition: Definition, section: Section, values: Mapping[str, Any]) -> list[Asked]:
    """What a page asks: a condition on this page is told beside the question, one on an earlier page is decided."""
    asked = rules.shown(definition, values)
    here = {question.key: question for question in section.questions}
    found = []
    for question in section.questions:
        inner = [condition for condition in question.when if condition.question in here]
        if not inner and question.key in asked:
            found.append(Asked(question, None, None))
        elif inner:
            conditions = [[PREFIX + one.question, *sorted(one.tokens)] for one in inner]
            words = [_only_if(here[one.question], one) for one in inner]
            found.append(Asked(question, json.dumps(conditions), " ".join(words)))
    return found


def _only_if(question: Question, condition: FormCondition) -> str:
    values: list[Any] = [{"yes": True, "no": False}.get(str(one), one) for one in condition.among]
    answers = [rules.told(question, value if question.kind in {"yes_no", "scale"} else str(value)) for value in values]
    either = _("or")
    return _("Only if the answer to “%(question)s” is: %(answers)s") % {
        "question": question.text.label,
        "answers": f" {either} ".join(answers),
    }


def _differing(stale: Stale) -> list[list[str]]:
    return [
        [question, there or "–", stale.typed[question]]
        for question, there in stale.current.items()
        if stale.typed.get(question) and there != stale.typed[question]
    ]


def _steps(question: Question) -> list[tuple[str, str, str]]:
    """The answers of a scale with the meaning of each."""
    steps = [(str(step), f"{step} – {scale_label(step)}", question.meanings[step - 1].label) for step in SCALE]
    return [*steps, (NOT_ASSESSED, _("Not assessed"), "")]


def _section(draft: AnswersFile, key: str) -> tuple[Definition, Section]:
    definition = queries.definition_of(draft)
    section = definition.section(key)
    if section is None:
        raise NotFound
    return definition, section


def _versions(definition: Definition, draft: AnswersFile) -> str:
    return json.dumps({section.key: draft.section_version(section.key) for section in definition.sections})


def _may_write(actor: Actor, draft: AnswersFile, definition: Definition) -> bool:
    at_work = may_work_on(actor, draft.facts)
    own = not definition.sensitive or draft.author == actor.account_id
    return own and may_fill_in(actor, definition, may_write=at_work)


def told_sections(
    definition: Definition, values: Mapping[str, Any], address: str | None = None
) -> list[tuple[Section, list[dict[str, Any]], str | None]]:
    """Each section with its questions and answers in words, as a summary shows them, and where it is changed."""
    asked = rules.shown(definition, values)
    told = []
    for section in definition.sections:
        lines = [
            {"label": q.text.label, "value": rules.told(q, values.get(q.key)), "required": q.required}
            for q in section.questions
            if q.key in asked
        ]
        if lines:
            told.append((section, lines, f"{address}{section.key}" if address else None))
    return told
