"""The service put together; this reads as its table of contents."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app import api, web
from app.config import Settings, get_settings
from app.core import readiness
from app.core.context import RequestContextMiddleware
from app.core.db import Database, make_engine
from app.core.i18n import LanguageMiddleware
from app.core.logs import configure_logs
from app.core.observe import Observe
from app.core.protection import BodyLimit, SafeHeaders, refuse_forged
from app.core.routing import HeadAsGet
from app.core.server import addresses


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The application. Tests bring their own database; otherwise it opens the web role's."""
    settings = settings or get_settings()
    configure_logs(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if database is not None:
            app.state.database = database
            yield
            return
        with addresses(settings) as known:
            engine = make_engine(known.web, pool_size=settings.database_pool_size)
            app.state.database = Database(engine)
            # A request takes one thread and at most one connection, so that none waits for another's.
            current_default_thread_limiter().total_tokens = settings.database_pool_size
            with app.state.database.unit_of_work() as db:
                readiness.check(db, settings)
            # What is there now stays: or else the collector looks through all of it now and then, for half a second.
            gc.freeze()
            yield
            engine.dispose()

    app = FastAPI(
        title="Tubarerere",
        lifespan=lifespan,
        dependencies=[Depends(refuse_forged)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings

    web.add_to(app)
    api.add_to(app)

    # The last added is the outermost.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, max_upload_bytes=settings.max_upload_bytes)
    app.add_middleware(LanguageMiddleware)
    app.add_middleware(SafeHeaders, secure=settings.cookies_are_secure)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*settings.trusted_hosts, "127.0.0.1", "localhost"])
    app.add_middleware(Observe)
    app.add_middleware(RequestContextMiddleware)
    app.add_middleware(HeadAsGet)
    return app
