"""The service's own log: plain lines for a person, JSON in production, and never what somebody typed.

The message of an exception can hold a row of a table or a form's answers, and a traceback with local variables the
names of children. So with real records only its kind, what the database calls it, and places in the code are shown.
"""

import logging
import traceback
from types import TracebackType
from typing import Any

import structlog

from app.config import Settings

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure_logs(settings: Settings) -> None:
    """Sets up structlog once for this process."""
    level = getattr(logging, settings.log_level.upper())
    renderer: list[structlog.typing.Processor]
    if settings.mode == "production":
        renderer = [structlog.processors.ExceptionRenderer(places_only), structlog.processors.JSONRenderer()]
    else:
        renderer = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    # The web server writes a failure once more, and one that came after an answer had begun.
    server = logging.getLogger("uvicorn.error")
    server.removeFilter(without_message)
    if settings.mode == "production":
        server.addFilter(without_message)


def places_only(exc_info: ExcInfo) -> str:
    """An exception and what it came from: kinds and places in the code, without their messages."""
    lines = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        lines.append(" ".join(filter(None, (_kind(error), _of_database(error)))))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _of_database(error: BaseException) -> str:
    """The condition's code and the constraint's name, for whoever looks for the cause."""
    said: Any = getattr(error, "diag", None)
    return " ".join(filter(None, (getattr(said, "sqlstate", None), getattr(said, "constraint_name", None))))


def without_message(line: logging.LogRecord) -> bool:
    """Lets every line through, an exception in it without messages."""
    if isinstance(line.exc_info, tuple) and line.exc_info[0] is not None:
        line.msg, line.args = f"{line.getMessage().strip()}\n{places_only(line.exc_info)}", None
        line.exc_info = line.exc_text = None
    return True
