"""What is known about the request in hand, for the audit log and the service's log."""

from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.ids import new_id


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The id that the answer carries as `X-Request-Id`, and the address that the request came from."""

    request_id: str | None = None
    address: str | None = None


NO_REQUEST = RequestContext()
current_request: ContextVar[RequestContext] = ContextVar("current_request", default=NO_REQUEST)


class RequestContextMiddleware:
    """Gives every request an id. Plain ASGI, so that endpoints in threads see the context variable."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves with the context set."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_id().hex
        client = scope.get("client")
        current_request.set(RequestContext(request_id, client[0] if client else None))

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        await self.app(scope, receive, send_with_id)
