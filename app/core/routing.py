"""Routes that refuse what they do not know: an unknown query parameter is told, never ignored."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.core.errors import FieldError
from app.core.i18n import gettext as _


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
    """A route whose unknown query parameters are a 422 that names them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        known = frozenset(query_names(self.dependant))

        async def strict(request: Request) -> Response:
            if request.scope["query_string"]:
                unknown = [name for name in request.query_params if name not in known]
                if unknown:
                    raise FieldError(unknown[0], _("This parameter is not known"))
            return await handler(request)

        return strict
