"""A FastAPI that does nothing but answer: every kind of call with the bytes that the service gave for it."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response


def create_app() -> FastAPI:
    """Endpoints are plain `def`, as the service's are; no middleware, no parameters, no database."""
    app = FastAPI(openapi_url=None)
    for name, answer in json.loads(Path(os.environ["BENCH_ANSWERS"]).read_text()).items():
        app.add_api_route(f"/{name}", _answering(answer), methods=["GET", "POST"])
    return app


def _answering(answer: dict[str, Any]) -> Callable[[], Response]:
    body, headers = base64.b64decode(answer["body"]), answer["headers"]

    def answered() -> Response:
        return Response(body, answer["status"], headers)

    return answered
