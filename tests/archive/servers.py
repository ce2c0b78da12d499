"""A loopback server that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    mashup: dict[str, Any]

    @property
    def page(self) -> int:
        return int(self.mashup.get("page", 0))

    @property
    def service(self) -> str:
        return str(self.mashup.get("service", ""))


@dataclass(frozen=True)
class Reply:
    """What is sent back; `silent` sends nothing until the server ends, `reset` breaks the connection after `body`."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    reset: bool = False
    length: int | None = None


Script = Callable[[Asked], Reply]


def always(reply: Reply) -> Script:
    return lambda asked: reply


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


def observations(first: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "obsid": str(1000 + i),
            "target_name": f"star {i}",
            "s_ra": 10.0 + i,
            "calib_level": 3,
            "obs_collection": "HST",
        }
        for i in range(first, first + count)
    ]


_FIELDS = [
    {"name": "obsid", "type": "string"},
    {"name": "target_name", "type": "string"},
    {"name": "s_ra", "type": "float"},
    {"name": "calib_level", "type": "int"},
    {"name": "obs_collection", "type": "string"},
]


def a_page(asked: Asked, total: int) -> Reply:
    """The page that was asked for, of `total` observations."""
    size, page = int(asked.mashup["pagesize"]), asked.page
    rows = observations((page - 1) * size, max(0, min(size, total - (page - 1) * size)))
    return table(_FIELDS, rows, page, size, total)


def table(fields: list[dict[str, str]], rows: list[dict[str, Any]], page: int, size: int, total: int) -> Reply:
    paging = {
        "page": page,
        "pageSize": size,
        "pagesFiltered": -(-total // size),
        "rows": len(rows),
        "rowsFiltered": total,
        "rowsTotal": total,
    }
    return as_json({"status": "COMPLETE", "msg": "", "fields": fields, "data": rows, "paging": paging})


def error_status(words: str) -> Reply:
    return as_json({"status": "ERROR", "msg": words})


class ScriptedServer:
    """Answers every request with `script(asked)`; `asked` lists the requests in the order in which they came."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: Script = lambda asked: Reply(404)
        self.released = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def play(self, script: Script) -> None:
        """Answer with `script` from now on, and forget what was asked before."""
        self.released.set()
        self.released = threading.Event()
        self.script = script
        self.asked = []

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()

    def services(self) -> list[str]:
        return [a.service for a in self.asked if a.service]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ScriptedServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that a cancelled job has left are no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _answer(self, body: bytes) -> None:
        owner, parts, text = self.server.owner, urlsplit(self.path), body.decode()
        mashup = json.loads(unquote(text.removeprefix("request="))) if text.startswith("request=") else {}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, mashup)
        owner.asked.append(asked)
        released = owner.released
        reply = owner.script(asked)
        if reply.silent:
            released.wait(30)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        self.end_headers()
        self.wfile.write(reply.body)
        if reply.reset:
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    def log_message(self, *words: object) -> None:
        """Silence: the tests read what was asked from `ScriptedServer.asked`."""


@contextlib.contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()


def nobody_listens() -> str:
    """An address of this machine where every connection is refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
