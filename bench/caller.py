"""The load: a process of its own that calls a server on this machine, as often and as long as it is told.

It reads a plan as JSON from standard input and prints what it saw as JSON. Bounded in count and time.
"""

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

RECEIPT = re.compile(rb'name="receipt" value="([A-Z2-7]{26})"')
THANKS = re.compile(rb'id="receipt">\s*([A-Z2-7-]{32})')
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Line:
    """One connection that stays open, speaking as little HTTP as it can: the load must not be the brake."""

    def __init__(self, host: str, port: int) -> None:
        if host not in LOOPBACK:
            raise SystemExit("The load goes to this machine only (127.0.0.1).")
        self._host, self._port = host, port
        self._socket: socket.socket | None = None
        self.received = 0

    def get(self, path: str, headers: str = "") -> tuple[int, bytes]:
        """Status and body."""
        return self._ask(f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{headers}\r\n".encode())

    def post(self, path: str, form: Sequence[tuple[str, str]]) -> tuple[int, bytes]:
        """Status and body of a form sent."""
        body = urlencode(form).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body)

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        try:
            return self._once(request)
        except OSError:  # the server closed a connection that had been idle: a browser asks again, too
            self._socket = None
            return self._once(request)

    def _once(self, request: bytes) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection((self._host, self._port), timeout=30)
        self._socket.sendall(request)
        head, body = self._read_head(self._socket)
        length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
        while len(body) < length:
            body += self._more(self._socket)
        self.received += len(head) + length
        if b"connection: close" in head.lower():
            self._socket.close()
            self._socket = None
        return int(head[9:12]), body

    def _read_head(self, connection: socket.socket) -> tuple[bytes, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(connection)
        head, _, body = got.partition(b"\r\n\r\n")
        return head, body

    def _more(self, connection: socket.socket) -> bytes:
        some = connection.recv(65536)
        if not some:
            raise ConnectionResetError
        return some


@dataclass
class Seen:
    """What one thread saw: seconds of each journey, receipts, and what went wrong."""

    took: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    """Run the plan: {"port", "journey", "tokens", "form", "threads", "seconds", "most", "every"}."""
    plan: dict[str, Any] = json.load(sys.stdin)
    tokens = iter(plan["tokens"]) if plan["journey"] != "page" else _again(plan["tokens"])
    guard, until, begun = threading.Lock(), time.monotonic() + plan["seconds"], time.perf_counter()
    seen = [Seen() for _ in range(plan["threads"])]
    threads = [threading.Thread(target=_work, args=(plan, tokens, guard, until, one)) for one in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(
        {
            "elapsed": time.perf_counter() - begun,
            "took": [value for one in seen for value in one.took],
            "receipts": [value for one in seen for value in one.receipts],
            "wrong": [value for one in seen for value in one.wrong][:5],
        },
        sys.stdout,
    )


def _again(tokens: Sequence[str]) -> Iterator[str]:
    while True:
        yield from tokens


def _work(
    plan: Mapping[str, Any], tokens: Iterator[str], guard: threading.Lock, until: float, seen: Seen
) -> None:
    line = Line(plan.get("host", "127.0.0.1"), plan["port"])
    journey = JOURNEYS[plan["journey"]]
    form = [(str(name), str(value)) for name, value in plan["form"]]
    most = plan["most"] // plan["threads"]
    while time.monotonic() < until and len(seen.took) < most:
        with guard:
            token = next(tokens, None)
        if token is None:
            return
        begun = time.perf_counter()
        try:
            journey(line, token, form, seen)
        except (OSError, AssertionError, TypeError) as fault:
            seen.wrong.append(f"{type(fault).__name__}: {fault}")
        seen.took.append(time.perf_counter() - begun)
        time.sleep(max(0.0, plan.get("every", 0) - (time.perf_counter() - begun)))


def _page(line: Line, token: str, form: Sequence[tuple[str, str]], seen: Seen) -> None:
    """The question page: posted, with what was answered so far travelling along."""
    status, _ = line.post(f"/a/{token}/questions", form)
    assert status == 200, status


def _answering(line: Line, token: str, form: Sequence[tuple[str, str]], seen: Seen) -> None:
    """Open the link, look through at the check page, send, read the receipt."""
    status, _ = line.get(f"/a/{token}")
    assert status == 200, ("welcome", status)
    status, body = line.post(f"/a/{token}/questions", [*form, ("go", "check")])
    found = RECEIPT.search(body)
    assert found, ("check", status)
    status, body = line.post(f"/a/{token}/send", [*form, ("checked", "1"), ("receipt", found[1].decode())])
    thanks = THANKS.search(body)
    assert thanks, ("send", status)
    seen.receipts.append(thanks[1].decode().replace("-", ""))


def _bare(line: Line, token: str, form: Sequence[tuple[str, str]], seen: Seen) -> None:
    """The baseline's way, in two requests: a page, and what was chosen on it."""
    status, _ = line.get(f"/a/{token}")
    assert status == 200, ("page", status)
    status, body = line.post(f"/a/{token}/send", form)
    thanks = THANKS.search(body)
    assert thanks, ("send", status)
    seen.receipts.append(thanks[1].decode().replace("-", ""))


def _bare_in_three(line: Line, token: str, form: Sequence[tuple[str, str]], seen: Seen) -> None:
    """The same in as many requests as ours: the page is shown once more before it is sent."""
    status, _ = line.post(f"/a/{token}/questions", form)
    assert status == 200, ("page again", status)
    _bare(line, token, form, seen)


JOURNEYS = {"page": _page, "answering": _answering, "bare": _bare, "bare in three": _bare_in_three}

if __name__ == "__main__":
    main()
