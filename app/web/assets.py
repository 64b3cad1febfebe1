"""Serves the built front-end files under `/static`, to be kept by the browser for good."""

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.core.assets import DIST, STATIC_URL, AssetsNotBuiltError, asset, manifest

__all__ = ["AssetsNotBuiltError", "HashedFiles", "asset", "manifest", "mount_assets"]


class HashedFiles(StaticFiles):
    """Static files whose names carry a hash of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Let the browser keep the file; another content has another name."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def mount_assets(app: Starlette) -> None:
    """Serve the built files; a missing build is met by `asset`, with a sentence, when a page is drawn."""
    # check_dir is off so that the application can be imported, and its API tested, before a build.
    app.mount(STATIC_URL, HashedFiles(directory=DIST, check_dir=False), name="static")
