"""The service's own log: plain lines for a person, JSON in production, and never the values of a traceback.

A traceback with local variables would put names of children into the log, so it shows places in the code only.
"""

import logging

import structlog

from app.config import Settings


def configure_logs(settings: Settings) -> None:
    """Sets up structlog once for this process."""
    level = getattr(logging, settings.log_level.upper())
    renderer: list[structlog.typing.Processor]
    if settings.mode == "production":
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
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
