"""One connection of the embedded archive: HTTP/1.1 in and out, and the faults that slow, stall or break it.

`server.DemoServer` makes one of these for each connection, in a thread of its own.
"""

from __future__ import annotations

import math
import os
import select
import socket
import struct
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from mast_tui.demo.faults import Scope
from mast_tui.demo.journal import Entry, without_secrets
from mast_tui.demo.messages import Request, Response, Span

if TYPE_CHECKING:
    from mast_tui.demo.server import DemoServer

_BLOCK = 65_536
_MAX_BODY = 32 << 20
_IDLE_S = 120.0
#: How long a stalled or silent connection is kept before the server gives up too.
_HELD_S = 600.0
#: MAST holds an EXECUTING answer (long poll); without that, astroquery asks a thousand times a second.
_EXECUTING_HOLD_S = 0.15
_EXECUTING = b'{"status":"EXECUTING"'

End = Literal["truncated", "reset", "stall"]


class BrokenOnPurposeError(Exception):
    """A fault has ended the connection."""


class Connection(BaseHTTPRequestHandler):
    """The requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "mast-tui-demo"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = _BLOCK
    timeout = _IDLE_S
    server: DemoServer
    #: bytes of the present answer's body that have gone out
    _sent = 0

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Nothing is written; `/demo/log` tells what was asked."""

    def _serve(self) -> None:
        request = self._read()
        if request is None:
            return
        scope, thing = self.server.archive.classify(request)
        if request.path.startswith("/demo/"):
            self._send(request, self._own(request), None, math.inf)
            return
        journal, status = self.server.journal, 0
        self._sent = 0
        page = journal.begin(scope)
        try:
            self._before(scope, thing)
            response = self.server.archive.respond(request)
            status = response.status
            end, rate = self._spoiling(request, response, scope, thing)
            self._send(request, response, end, rate)
        except (BrokenOnPurposeError, OSError):
            self.close_connection = True
        finally:
            journal.end(scope, self._entry(request, scope, thing, status), page)

    def _read(self) -> Request | None:
        """The request, None when it can't be read (then it has been answered)."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            length = int(headers.get("content-length", "0"))
        except ValueError:
            length = -1
        if not 0 <= length <= _MAX_BODY or "transfer-encoding" in headers:
            self.close_connection = True
            self.send_error(413 if length > _MAX_BODY else 400)
            return None
        body = self.rfile.read(length) if length else b""
        parts = urlsplit(self.path)
        base = f"{parts.scheme}://{parts.netloc}" if parts.scheme else self.server.base_url
        query = parse_qs(parts.query, keep_blank_values=True)
        return Request(self.command, unquote(parts.path), query, headers, body, base)

    def _own(self, request: Request) -> Response:
        """The demo's own pages: `/demo/log`, `/demo/stats`, `/demo/faults`."""
        if request.path == "/demo/log" and request.method == "DELETE":
            self.server.journal.clear()
            return Response.of_json({})
        if request.path == "/demo/log":
            return Response.of_json(self.server.journal.log())
        if request.path == "/demo/stats":
            return Response.of_json(self.server.journal.stats())
        return self.server.archive.respond(request)

    def _entry(self, request: Request, scope: Scope, thing: str, status: int) -> Entry:
        agent = request.headers.get("user-agent", "")[:200]
        given_range = request.headers.get("range", "")[:80]
        path = without_secrets(self.path)
        return Entry(request.method, path, scope, thing, status, self._sent, agent, bool(request.token), given_range)

    # -- faults -------------------------------------------------------------------------------------------------

    def _before(self, scope: Scope, thing: str) -> None:
        """The faults that come before any answer."""
        faults = self.server.archive.faults
        if faults.strike("silent", scope, thing):
            self._hold()
        slow = faults.strike("slow", scope, thing)
        if slow:
            self.server.closing.wait(slow.value)

    def _spoiling(
        self, request: Request, response: Response, scope: Scope, thing: str
    ) -> tuple[tuple[End, int] | None, float]:
        """How the body ends early (what happens after how many bytes), and at how many bytes a second it goes."""
        if request.method == "HEAD" or response.status >= 300:
            return None, math.inf
        faults = self.server.archive.faults
        rate = faults.strike("rate", scope, thing)
        speed = rate.value if rate and rate.value > 0 else math.inf
        names: tuple[End, ...] = ("truncated", "reset", "stall")
        for name in names:
            fault = faults.strike(name, scope, thing)
            if fault:
                fraction = 0.5 if name == "reset" else min(1.0, fault.value)
                return (name, int(len(response.body) * fraction)), speed
        return None, speed

    def _end_early(self, end: End) -> None:
        self.wfile.flush()
        if end == "stall":
            self._hold()
        if end == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        raise BrokenOnPurposeError

    def _hold(self) -> None:
        """Say nothing until the other side goes away, the server closes, or ten minutes are over."""
        until = time.monotonic() + _HELD_S
        while time.monotonic() < until and not self.server.closing.wait(0.1):
            if select.select([self.connection], [], [], 0)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                break
        raise BrokenOnPurposeError

    # -- the answer ---------------------------------------------------------------------------------------------

    def _send(self, request: Request, response: Response, end: tuple[End, int] | None, rate: float) -> None:
        if isinstance(response.body, bytes) and response.body.startswith(_EXECUTING):
            self.server.closing.wait(_EXECUTING_HOLD_S)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if not response.length:
            self.send_header("Connection", "close")
            self.close_connection = True
        elif response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if request.method != "HEAD" and response.status != 304:
            self._body(response.body, end, rate)
        self.wfile.flush()

    def _body(self, body: bytes | Span, end: tuple[End, int] | None, rate: float) -> None:
        stop = len(body) if end is None else end[1]
        size = _BLOCK if math.isinf(rate) else max(1, min(_BLOCK, int(rate / 20)))
        for block in _blocks(body, stop, size):
            self.wfile.write(block)
            self._sent += len(block)
            if not math.isinf(rate):
                self.wfile.flush()
                self.server.closing.wait(len(block) / rate)
        if end is not None:
            self._end_early(end[0])


def _blocks(body: bytes | Span, stop: int, size: int) -> Iterator[bytes]:
    """The first `stop` bytes of a body, in blocks."""
    for at in range(0, stop, size):
        length = min(size, stop - at)
        yield body[at : at + length] if isinstance(body, bytes) else body.content.read(body.start + at, length)
