"""Sealed documents in a store that speaks S3, here a small one of our own over HTTP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.config import get_settings
from app.core.vault import CannotOpen
from app.documents import store

SECRET = b"%PDF-1.4 kanariya"


class _Bucket(BaseHTTPRequestHandler):
    """What a bucket answers to putting and taking an object."""

    kept: dict[str, bytes]

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"", {"ETag": '"1"'})

    def do_GET(self) -> None:
        content = self.kept.get(self.path)
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, content, {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[dict[str, bytes]]:
    """The objects of a bucket in which the documents are kept."""
    kept: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bucket", (_Bucket,), {"kept": kept}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    known = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
    }
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(get_settings(), "documents_url", "s3://papers/tubarerere")
    store._store.cache_clear()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()
    store._store.cache_clear()


def test_a_bucket_keeps_sealed_bytes_only_each_bound_to_its_place(bucket: dict[str, bytes]) -> None:
    store.put("child/1", SECRET)
    assert list(bucket) == ["/papers/tubarerere/child/1"]
    (lying,) = bucket.values()
    assert b"kanariya" not in lying
    assert store.take("child/1") == SECRET
    bucket["/papers/tubarerere/child/2"] = lying
    with pytest.raises(CannotOpen):
        store.take("child/2")
    with pytest.raises(FileNotFoundError):
        store.take("child/3")
