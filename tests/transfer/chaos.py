"""A loopback archive that misbehaves on purpose, byte-exactly logged: the main tool of the transfer tests.

`with Chaos(...)` runs it in a thread; the benchmark uses it too. Each file has a list of faults; one is used up per
GET, after which all is well:

    reset, stall, cut (at a part of the body); nolength, chunked (no Content-Length, and cut); html, disguised (a page
    in place of the file, the second under the file's type); status; redirect; norange; newversion; weak (ETag)
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

CHUNK = 16384


@dataclass
class Fault:
    kind: str
    at: float = 0.5
    code: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 600.0


@dataclass
class Asked:
    """One request as it came, and what was sent back; `last` is when the last byte was."""

    at: float
    name: str
    connection: int
    method: str
    headers: dict[str, str]
    status: int = 0
    sent: int = 0
    fault: str = ""
    last: float = 0.0


def plain_body(name: str, size: int, version: int = 0) -> bytes:
    return random.Random(f"{name}#{version}").randbytes(size)


class _Pace:
    def __init__(self, bytes_per_s: float) -> None:
        self._rate, self._free_at = bytes_per_s, time.monotonic()

    async def wait(self, n: int) -> None:
        now = time.monotonic()
        self._free_at = max(self._free_at, now - 0.05) + n / self._rate
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


@dataclass
class Chaos:
    """`files` maps names to sizes (random bytes) or to the bytes themselves."""

    files: dict[str, int | bytes] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    every: list[Fault] = field(default_factory=list)
    latency_s: float = 0.0
    per_connection_bps: float | None = None
    total_bps: float | None = None
    etag: bool = True
    modified: str = ""
    ranges: bool = True
    length: bool = True
    secret: dict[str, str] = field(default_factory=dict)
    body: Callable[[str, int, int], bytes] = plain_body
    #: JSON answers, made from the query, by the path that is asked for; and headers that come with every file.
    pages: dict[str, Callable[[dict[str, list[str]]], object]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.version: dict[str, int] = {}
        self._gets: dict[str, int] = {}
        self._made: dict[tuple[str, int], bytes] = {}
        self._tags: dict[str, tuple[bytes, str]] = {}
        self._loop = asyncio.new_event_loop()
        self._shared: _Pace | None = None
        self.port = 0

    # --- a test's side -------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_what: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def uri(self, name: str) -> str:
        return f"mast:CHAOS/product/{name}"

    def content(self, name: str) -> bytes:
        known = self.files[name]
        version = self.version.get(name, 0)
        if isinstance(known, bytes):
            return known
        if (name, version) not in self._made:
            self._made[name, version] = self.body(name, known, version)
        return self._made[name, version]

    def of(self, name: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.name == name]

    @property
    def sent(self) -> int:
        return sum(asked.sent for asked in self.asked)

    def _tag(self, name: str, data: bytes) -> str:
        known = self._tags.get(name)
        if known is None or known[0] is not data:
            known = self._tags[name] = data, f'"{hashlib.md5(data).hexdigest()}"'
        return known[1]

    # --- the server ----------------------------------------------------------------------------------------------

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._shared = _Pace(self.total_bps) if self.total_bps else None
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        plug: socket.socket = writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        writer.transport.set_write_buffer_limits(high=32768)
        pace = _Pace(self.per_connection_bps) if self.per_connection_bps else None
        try:
            while await self._request(reader, writer, number, pace):
                pass
        except asyncio.CancelledError:
            writer.transport.abort()  # the server ends: what is still to be sent is not waited for
        except (ConnectionError, asyncio.IncompleteReadError, RuntimeError):
            pass
        finally:
            writer.close()

    async def _request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, pace: _Pace | None
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _protocol = head[0].split(" ", 2)
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if ":" in line)}
        address = urlsplit(target)
        name = unquote(parse_qs(address.query).get("uri", [address.path])[0].rsplit("/", 1)[-1])
        asked = Asked(time.monotonic(), name, number, method, headers)
        self.asked.append(asked)
        await asyncio.sleep(self.latency_s)
        say = self.pages.get(address.path.rstrip("/"))
        if say is not None:
            asked.name = address.path.rstrip("/")
            data = json.dumps(say(parse_qs(address.query))).encode()
            return await self._say(writer, asked, 200, {"Content-Type": "application/json"}, data)
        if name not in self.files:
            return await self._say(writer, asked, 404, {"Content-Type": "text/plain"}, b"nope")
        if name in self.secret and self.secret[name] not in headers.get("authorization", ""):
            return await self._say(writer, asked, 401, {"Content-Type": "application/json"}, b'{"error": "who?"}')
        fault = self._fault(name) if method == "GET" else Fault("none")
        asked.fault = fault.kind
        if fault.kind == "newversion":
            self.version[name] = self.version.get(name, 0) + 1
        if fault.kind == "status":
            return await self._say(
                writer, asked, fault.code, {"Content-Type": "text/html", **fault.headers}, b"<html>busy"
            )
        if fault.kind == "html":
            return await self._say(writer, asked, 200, {"Content-Type": "text/html"}, b"<html>back soon</html>")
        if fault.kind == "disguised":
            page = b"<!DOCTYPE html><html>back soon</html>"
            return await self._say(writer, asked, 200, {"Content-Type": "application/fits"}, page)
        if fault.kind == "redirect":
            return await self._say(writer, asked, 302, fault.headers, b"")
        return await self._file(writer, asked, fault, pace)

    def _fault(self, name: str) -> Fault:
        n = self._gets[name] = self._gets.get(name, 0) + 1
        plan = self.faults.get(name, self.every)
        return plan[n - 1] if n <= len(plan) else Fault("none")

    async def _say(
        self, writer: asyncio.StreamWriter, asked: Asked, code: int, headers: dict[str, str], data: bytes
    ) -> bool:
        asked.status = code
        lines = [f"HTTP/1.1 {code} X", *(f"{k}: {v}" for k, v in headers.items()), f"Content-Length: {len(data)}"]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + data)
        await writer.drain()
        return True

    async def _file(self, writer: asyncio.StreamWriter, asked: Asked, fault: Fault, pace: _Pace | None) -> bool:
        data = self.content(asked.name)
        if asked.method == "HEAD":
            asked.status = 200
            writer.write(f"HTTP/1.1 200 X\r\nAccept-Ranges: bytes\r\nContent-Length: {len(data)}\r\n\r\n".encode())
            await writer.drain()
            return True
        tag = self._tag(asked.name, data)
        headers = {"Content-Type": "application/fits", "Content-Disposition": 'attachment; filename="../../x"'}
        headers |= self.headers
        if self.etag:
            headers["ETag"] = f"W/{tag}" if fault.kind == "weak" else tag
        if self.modified:
            headers |= {"Last-Modified": self.modified, "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}
        low, high, code = 0, len(data), 200
        wanted = asked.headers.get("range")
        unchanged = asked.headers.get("if-range") in (tag if self.etag else None, self.modified or None, None)
        if wanted and self.ranges and fault.kind != "norange" and unchanged:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            low, high = int(first), min(int(last) + 1, len(data)) if last else len(data)
            if low >= len(data):
                return await self._say(writer, asked, 416, {"Content-Range": f"bytes */{len(data)}"}, b"")
            code = 206
            headers["Content-Range"] = f"bytes {low}-{high - 1}/{len(data)}"
        asked.status = code
        end = high
        if fault.kind in ("reset", "stall", "cut", "nolength", "chunked"):
            end = min(high, max(low, int(len(data) * fault.at)))
        chunked = fault.kind == "chunked" or not self.length
        if fault.kind == "nolength":
            headers["Connection"] = "close"
        elif chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(high - low)
        lines = [f"HTTP/1.1 {code} X", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        for at in range(low, end, CHUNK):
            piece = data[at : min(at + CHUNK, end)]
            for each in (self._shared, pace):
                if each is not None:
                    await each.wait(len(piece))
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            await writer.drain()
            asked.sent += len(piece)
            asked.last = time.monotonic()
        if fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "reset":
            await asyncio.sleep(0.2)  # a reset throws away what the other side has not read yet
            plug: socket.socket = writer.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if chunked and end == len(data):
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            return True
        return fault.kind not in ("stall", "cut", "nolength", "chunked")


def stated(**what: Any) -> Fault:
    """A fault with a status: `stated(code=503, headers={"Retry-After": "1"})`."""
    return Fault("status", **what)
