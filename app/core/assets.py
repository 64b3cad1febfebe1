"""The names of the built front-end files: each plain name and its name with the hash.

`make assets` builds the files from `frontend/` into `app/web/static/dist/` and writes a manifest.
Because a name changes with its content, a browser may keep a file for a year and never ask again.
"""

import json
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).resolve().parents[1] / "web" / "static" / "dist"
STATIC_URL = "/static"


class AssetsNotBuiltError(RuntimeError):
    """The front end was never built, or a page asks for a file that the build does not make."""


@lru_cache
def manifest() -> dict[str, str]:
    """Plain name -> name with its hash, as the build wrote it."""
    try:
        content: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = "The front end is not built yet: run `make assets` once, then start again"
        raise AssetsNotBuiltError(message) from None
    return content


def asset(name: str) -> str:
    """The address of a built file: `asset("app.css")` -> `/static/app.0a1b2c3d.css`."""
    try:
        return f"{STATIC_URL}/{manifest()[name]}"
    except KeyError:
        message = f"The front end has no file {name!r}: see frontend/build.mjs, then run `make assets`"
        raise AssetsNotBuiltError(message) from None
