"""Routes that refuse what they do not know, and work off a request in one visit to a thread."""

import re
from collections.abc import Callable, Coroutine, Iterator
from functools import cached_property, wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter, iter_route_contexts
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.db import Database, get_session
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.protection import SAFE_METHODS


def query_names(dependant: Dependant) -> Iterator[str]:
    """The names of the query parameters that a route and its dependencies read."""
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, field in annotation.model_fields.items():
                yield field.alias or name
        else:
            yield parameter.alias
    for inner in dependant.dependencies:
        yield from query_names(inner)


class StrictRoute(APIRoute):
    """A route whose unknown query parameters are a 422 that names them, and whose work is one visit to a thread.

    FastAPI would take each dependency and the endpoint to a thread of its own, one after the other, and keep the
    database connection while the request waits for its next thread: as soon as more requests come than there are
    threads, they wait for each other. Here the body is read first; then guard, endpoint, serialisation and commit
    follow each other in one thread. So dependencies are `async def` in form, and never await anything.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _in_place(endpoint), **options)

    async def take_in(self, request: Request) -> None:
        """Reads the body before the work begins, for which nothing may be waited for any more."""
        await request.body()

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        dependant = self.dependant
        uses_database = get_session in set(_calls(dependant))
        known = frozenset(query_names(dependant))
        handler = super().get_route_handler()

        def work(request: Request) -> Response:
            if not uses_database:
                return _run(handler(request))
            database: Database = request.app.state.database
            with database.unit_of_work() as session:
                request.state.session = session
                answer = _run(handler(request))
                if getattr(request.state, "nothing_done", False):
                    session.rollback()
                return answer

        async def strict(request: Request) -> Response:
            if request.scope["query_string"]:
                unknown = [name for name in request.query_params if name not in known]
                if unknown:
                    raise FieldError(unknown[0], _("This parameter is not known"))
            if request.method not in SAFE_METHODS:
                try:
                    await self.take_in(request)
                except ClientDisconnect as error:
                    raise HTTPException(400) from error
            return await run_in_threadpool(work, request)

        return strict


class Addresses(APIRouter):
    """A domain's routes behind one comparison, which says whether an address is one of theirs.

    The framework asks each route after the other, and there are several hundred; that takes longer than many a page.
    """

    def __init__(self, domain: APIRouter, prefix: str = "") -> None:
        super().__init__(routes=domain.routes)
        self._prefix = prefix

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Nothing for another domain's address; otherwise what the routes say."""
        return super().matches(scope) if self._known.fullmatch(scope["path"]) else (Match.NONE, {})

    @cached_property
    def _known(self) -> re.Pattern[str]:
        # Wider than the routes: a parameter may be anything here.
        paths = {_PARAMETER.sub(".+", re.escape(route.path or "")) for route in iter_route_contexts(self.routes)}
        return re.compile(re.escape(self._prefix) + f"(?:{'|'.join(sorted(paths))})", re.DOTALL)


_PARAMETER = re.compile(r"\\\{.+?\\\}")


class UploadRoute(StrictRoute):
    """A strict route that takes one file in a form; a large one waits on disk, not in memory.

    The endpoint reads the form through `Typed` like any other, and the file from `form.data`.
    """

    async def take_in(self, request: Request) -> None:
        """Reads the form, and the file beside it."""
        await request.form(max_files=1, max_fields=100)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        strict = super().get_route_handler()

        async def with_file(request: Request) -> Response:
            try:
                return await strict(request)
            finally:
                await request.close()

        return with_file


class HeadAsGet:
    """Answers HEAD as GET is answered; the server leaves the body out (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves what GET would."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def _calls(dependant: Dependant) -> Iterator[Any]:
    """What a route's dependencies call. Raises TypeError for one that FastAPI would take to another thread."""
    for inner in dependant.dependencies:
        call = inner.call
        if not (iscoroutinefunction(call) or iscoroutinefunction(getattr(call, "__call__", None))):  # noqa: B004
            raise TypeError(f"{call} must be `async def`, and await nothing: see StrictRoute")
        yield call
        yield from _calls(inner)


def _in_place(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """An endpoint as FastAPI calls it without leaving the thread."""

    @wraps(endpoint)
    async def called(**values: Any) -> Any:
        return endpoint(**values)

    return called


def _run(work: Coroutine[Any, Any, Response]) -> Response:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        response: Response = done.value
        return response
    work.close()
    raise RuntimeError("A dependency or an endpoint waited for something; a route's thread has no event loop")
