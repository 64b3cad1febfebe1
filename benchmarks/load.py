"""A small HTTP client in a process of its own, cheap enough not to be what is measured; it only talks to 127.0.0.1."""

import asyncio
import json
import multiprocessing
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection

import uvloop

HOST = "127.0.0.1"
MOST_REQUESTS = 20_000
ID = "@ID@"
"""Stands in a body for a new id each time."""


@dataclass(frozen=True)
class Call:
    """Requests of one kind; paths and bodies are taken in turn."""

    method: str
    paths: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)
    bodies: tuple[str, ...] = ("",)
    expects: int = 200

    def maker(self) -> Callable[[], bytes]:
        """Makes the bytes of one request after the other."""
        numbers = count()
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())

        def make() -> bytes:
            number = next(numbers)
            path = self.paths[number % len(self.paths)]
            body = self.bodies[number % len(self.bodies)].replace(ID, str(uuid.uuid4())).encode()
            head = f"{self.method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
            return head.encode() + body

        return make


@dataclass(frozen=True)
class Result:
    """What came back: how many answers in how many seconds, and how long each took, sorted, in milliseconds."""

    seconds: float
    milliseconds: list[float]
    unexpected: int
    sample: bytes

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, share: float) -> float:
        """The time in milliseconds that this share of the answers stayed under."""
        return self.milliseconds[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]


class _Client(asyncio.Protocol):
    """A connection that asks again as soon as it was answered, until `until`."""

    def __init__(self, make: Callable[[], bytes], expects: int, until: float, left: "_Left") -> None:
        self.make, self.until, self.left = make, until, left
        self.expected = f"HTTP/1.1 {expects} ".encode()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.milliseconds: list[float] = []
        self.unexpected = 0
        self.buffer = b""
        self.length = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.buffer, self.length = b"", -1
        request = self.make()
        self.asked = time.perf_counter()
        self.transport.write(request)  # type: ignore[attr-defined]  # A socket's transport can write.

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.length < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.length = end + 4 + _content_length(self.buffer[:end].lower())
        if len(self.buffer) < self.length:
            return
        now = time.perf_counter()
        self.milliseconds.append((now - self.asked) * 1000)
        if not self.buffer.startswith(self.expected):
            self.unexpected += 1
        self.left.requests -= 1
        if now >= self.until or self.left.requests <= 0:
            self.transport.close()
            self.done.set_result(None)
        else:
            self._ask()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed the connection"))


@dataclass
class _Left:
    requests: int = MOST_REQUESTS


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    if head.startswith((b"http/1.1 204", b"http/1.1 304")):
        return 0
    raise ConnectionError("an answer without its length")


async def _load(port: int, call: Call, clients: int, seconds: float, most: int) -> Result:
    loop = asyncio.get_running_loop()
    make, left = call.maker(), _Left(most)
    started = time.perf_counter()
    made = [
        (await loop.create_connection(lambda: _Client(make, call.expects, started + seconds, left), HOST, port))[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(client.done for client in made))
    return Result(
        seconds=time.perf_counter() - started,
        milliseconds=sorted(value for client in made for value in client.milliseconds),
        unexpected=sum(client.unexpected for client in made),
        sample=made[0].buffer,
    )


def _in_process(answer: Connection, *given: object) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answer.send(runner.run(_load(*given)))  # type: ignore[arg-type]


def load(port: int, call: Call, *, clients: int, seconds: float, most: int = MOST_REQUESTS) -> Result:
    """Keeps `clients` connections busy for `seconds` (or `most` requests), from a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(theirs, port, call, clients, seconds, most), daemon=True)
    process.start()
    theirs.close()
    try:
        result: Result = ours.recv()
    except EOFError as error:
        raise RuntimeError(f"The load of {call.method} {call.paths[0]} broke off") from error
    finally:
        process.join()
    if result.unexpected:
        raise RuntimeError(
            f"{call.method} {call.paths[0]}: {result.unexpected} of {len(result.milliseconds)} answers were not "
            f"{call.expects}, such as {result.sample[:600]!r}"
        )
    return result


def json_call(token: str, method: str, *paths: str, bodies: Sequence[object] = (), expects: int = 200) -> Call:
    """A call of the API."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    if bodies:
        headers["Content-Type"] = "application/json"
    return Call(method, paths, headers, tuple(map(json.dumps, bodies)) or ("",), expects)


def page_call(cookie: str, *paths: str) -> Call:
    """A page as a browser opens it."""
    return Call("GET", paths, {"Cookie": cookie, "Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"})
