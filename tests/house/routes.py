"""The application's own route table, with the guard of each route."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.access.guards import Guard, open_to_all
from app.access.permissions import Permission

SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Route:
    """One method of one path: its guard says who comes in at all."""

    method: str
    path: str
    public: bool
    guarded: bool
    permissions: frozenset[Permission]
    before_password_change: bool = False

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/v1")

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def route_table(app: FastAPI) -> list[Route]:
    """Every route of the application but the built files."""
    table = []
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None:
            assert route.path == "/static", f"{route.path} has no signature to declare a guard in"
            continue
        calls = list(_calls(dependant))
        guards = [call for call in calls if isinstance(call, Guard)]
        table += [
            Route(
                method=method,
                path=route.path or "",
                public=open_to_all in calls,
                guarded=bool(guards),
                permissions=frozenset(permission for guard in guards for permission in guard.permissions),
                before_password_change=any(guard.before_password_change for guard in guards),
            )
            for method in sorted(set(route.methods or ()) - {"HEAD"})
        ]
    return table
