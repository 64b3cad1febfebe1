"""Clients that look at every answer: the page client holds each page to the house's rules."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import anyio
import html5lib
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from httpx import BaseTransport, ByteStream, Client, Request, Response
from sqlalchemy import Connection, event

STATEMENTS_A_PAGE = 16
# What the tests' own transaction adds to a request.
NOT_COUNTED = re.compile(r"\s*(savepoint|release|rollback|set role|reset role)", re.IGNORECASE)
HTML = "{http://www.w3.org/1999/xhtml}"


class Statements:
    """Counts the statements that reach the database over a test's connection, but for savepoints and roles."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.seen: list[str] = []
        event.listen(connection, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_further: Any) -> None:
        if not NOT_COUNTED.match(statement):
            self.seen.append(statement)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements of a block."""
        start = len(self.seen)
        block: list[str] = []
        yield block
        block.extend(self.seen[start:])

    def close(self) -> None:
        """Stops listening."""
        event.remove(self.connection, "before_cursor_execute", self._note)


class InOneVisit(BaseTransport):
    """Asks the application in one visit to its event loop.

    The framework's own client makes nine, which took longer than most of what is asked. What the application raises
    is raised here, unless `raises` is set to False: then its answer to a failure is given.
    """

    raises = True

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self.app = app
        self.portal = portal

    def handle_request(self, request: Request) -> Response:
        """Sends a request with its body in one piece and collects the answer."""
        body = request.read()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50000),
            "server": (request.url.host, request.url.port or 80),
        }
        return self.portal.call(self._asked, scope, body)

    async def _asked(self, scope: dict[str, Any], body: bytes) -> Response:
        unread = [{"type": "http.request", "body": body, "more_body": False}]
        answered = anyio.Event()
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def receive() -> dict[str, Any]:
            if not unread:
                await answered.wait()
                return {"type": "http.disconnect"}
            return unread.pop()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    answered.set()

        try:
            await self.app(scope, receive, send)
        except Exception:
            if self.raises or not answered.is_set():
                raise
        assert start, "no answer was started"
        content = b"" if scope["method"] == "HEAD" else b"".join(parts)
        return Response(start["status"], headers=start["headers"], stream=ByteStream(content))


class HouseClient(Client):
    """A client of the application that follows redirects, as a browser does."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, statements: Statements) -> None:
        self.visits = InOneVisit(app, portal)
        super().__init__(
            transport=self.visits,
            base_url="http://testserver",
            # Packing every answer and unpacking it here took a twentieth of a request.
            headers={"User-Agent": "testclient", "Accept-Encoding": "identity"},
            follow_redirects=True,
        )
        self.statements = statements


class ApiClient(HouseClient):
    """A client of /api/v1: paths are written without the prefix."""

    def request(self, method: str, url: Any, **options: Any) -> Response:  # type: ignore[override]
        path = url if str(url).startswith("/api/") else f"/api/v1{url}"
        return super().request(method, path, **options)


class Page:
    """An opened page: what a person could read, follow and fill in."""

    def __init__(self, client: "PageClient", response: Response, tree: ET.Element | None = None) -> None:
        self.client = client
        self.response = response
        self.status = response.status_code
        self.url = str(response.url)
        self.html = response.text
        self._tree = tree

    @property
    def tree(self) -> ET.Element:
        """The page's elements, parsed when they are asked for and not known already: it takes long."""
        if self._tree is None:
            self._tree = parsed(self.html)[0]
        return self._tree

    @property
    def text(self) -> str:
        """All words of the page, with single spaces."""
        return " ".join(" ".join(_words(self.tree)).split())

    @property
    def h1(self) -> str:
        """The page's heading."""
        found = self.tree.find(f".//{HTML}h1")
        return "" if found is None else " ".join("".join(found.itertext()).split())

    def links(self) -> dict[str, str]:
        """Words of each link to its address."""
        return {" ".join("".join(link.itertext()).split()): link.get("href", "") for link in self.tree.iter(f"{HTML}a")}

    def form(self, action: str | None = None) -> dict[str, str]:
        """The values that a form (the one with this action, or the last one) would send if left as it is."""
        forms = [form for form in self.tree.iter(f"{HTML}form") if action is None or form.get("action") == action]
        assert forms, f"no form {action!r} on {self.url}"
        values: dict[str, str] = {}
        for control in forms[-1].iter():
            name = control.get("name")
            if not name:
                continue
            kind = control.get("type", "text")
            if control.tag == f"{HTML}input" and (
                kind not in {"radio", "checkbox", "submit"} or control.get("checked") is not None
            ):
                values[name] = control.get("value", "")
            elif control.tag == f"{HTML}textarea":
                values[name] = "".join(control.itertext())
            elif control.tag == f"{HTML}select":
                chosen = [option for option in control.iter(f"{HTML}option") if option.get("selected") is not None]
                options = chosen or list(control.iter(f"{HTML}option"))[:1]
                values[name] = options[0].get("value", "") if options else ""
        return values


def _words(element: ET.Element) -> Iterator[str]:
    if element.tag in {f"{HTML}script", f"{HTML}style", f"{HTML}title"}:
        return
    if element.text:
        yield unescape(element.text)
    for child in element:
        yield from _words(child)
        if child.tail:
            yield child.tail


class PageClient(HouseClient):
    """A browser without JavaScript that checks every HTML page it opens against the house's rules."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, statements: Statements) -> None:
        super().__init__(app, portal, statements)
        self.headers["Sec-Fetch-Site"] = "same-origin"
        self.headers["Accept-Language"] = "en"

    def open(self, path: str, *, status: int = 200, follow: bool = True) -> Page:
        """Opens a page and checks it."""
        with self.statements.counted() as block:
            response = self.get(path, follow_redirects=follow)
        return self._checked(response, status, block)

    def post_form(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, follow: bool = True
    ) -> Page:
        """Sends a form, follows to the page after it, and checks that page."""
        with self.statements.counted() as block:
            response = self.post(path, data=data or {}, follow_redirects=follow)
        # A verb may plan, tell and note in several places; the page after it is counted here as well.
        return self._checked(response, status, block, budget=3 * STATEMENTS_A_PAGE)

    def _checked(self, response: Response, status: int, block: list[str], budget: int = STATEMENTS_A_PAGE) -> Page:
        assert response.status_code == status, f"{response.status_code} at {response.url}: {response.text[:2000]}"
        tree = None
        if response.headers.get("content-type", "").startswith("text/html"):
            tree, errors = parsed(response.text)
            problems = list(page_problems(response.text, tree, errors))
            assert not problems, f"{response.url}: {problems}"
            assert len(block) <= budget, f"{len(block)} statements at {response.url}: {block}"
        return Page(self, response, tree)


Errors = list[tuple[tuple[int, int], str, dict[str, Any]]]


def parsed(html: str) -> tuple[ET.Element, Errors]:
    """The elements of a page as a browser reads it, and what is wrong with its markup."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=True)
    return parser.parse(html), parser.errors


def page_problems(html: str, tree: ET.Element, errors: Errors) -> Iterator[str]:
    """What is wrong with a page: markup, headings, labels, ids, inline code, forms."""
    for (line, _column), code, details in errors:
        yield f"markup, line {line}: {code} {details}"
    headings = list(tree.iter(f"{HTML}h1"))
    if "<html" in html[:200].lower() and len(headings) != 1:
        yield f"{len(headings)} h1 headings"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    for repeated in {name for name in ids if ids.count(name) > 1}:
        yield f"id {repeated!r} occurs twice"
    yield from _inline_code(tree)
    yield from _without_words(tree)


def _inline_code(tree: ET.Element) -> Iterator[str]:
    for element in tree.iter():
        for attribute in element.attrib:
            if attribute.startswith("on") or attribute == "style":
                yield f"inline {attribute} on {element.tag}"
        if element.tag == f"{HTML}script" and not element.get("src"):
            yield "inline script"
        if element.tag == f"{HTML}style":
            yield "inline style element"


def _without_words(tree: ET.Element) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter(f"{HTML}label")}
    wrapped = {control for label in tree.iter(f"{HTML}label") for control in label.iter()}
    for element in tree.iter():
        if element.tag in {f"{HTML}input", f"{HTML}select", f"{HTML}textarea"}:
            hidden = element.get("type") in {"hidden", "submit"}
            named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labelled
            if not hidden and not named and element not in wrapped:
                yield f"no label for {element.get('name')!r}"
        if element.tag == f"{HTML}img" and element.get("alt") is None:
            yield "image without alt"
        if element.tag == f"{HTML}a" and not _has_words(element):
            yield f"link without words to {element.get('href')!r}"


def _has_words(element: ET.Element) -> bool:
    return any(
        inner.get("alt") or inner.get("aria-label") or "".join(inner.itertext()).strip() for inner in element.iter()
    )
