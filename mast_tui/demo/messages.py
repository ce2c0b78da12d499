"""What comes in and what goes out, without sockets: the services take a `Request` and give a `Response`.

Every service module of the demo uses these two nouns; `server` turns them from and into HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, unquote

from mast_tui.demo.holdings import Content

Headers = Mapping[str, str]
Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request as the services see it; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    base_url: str = ""

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def json(self) -> Json:
        """The body as a JSON object. Raises ValueError when it is not one."""
        found = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("the body is not a JSON object")
        return found

    def fields(self) -> dict[str, str]:
        """The parameters of a form or a JSON body and of the query, one value each."""
        if "json" in self.headers.get("content-type", ""):
            given = {name: str(value) for name, value in self.json().items()}
        else:
            given = {name: values[0] for name, values in self.form().items()}
        return {name: values[0] for name, values in self.query.items()} | given

    @property
    def token(self) -> str:
        """The caller's token: `Authorization: token X`, `Authorization: Bearer X`, or the cookie `mast_token`."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.lower() in ("token", "bearer") and value.strip():
            return value.strip()
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return ""
        return unquote(jar["mast_token"].value) if "mast_token" in jar else ""


@dataclass(frozen=True)
class Span:
    """Bytes `start` to `stop` (exclusive) of a content, streamed by the server."""

    content: Content
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Response:
    """Status, headers and body; the server adds Content-Length unless `length` is False."""

    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: bytes | Span = b""
    length: bool = True

    @staticmethod
    def of_json(payload: Any, status: int = 200) -> Response:
        body = json.dumps(payload, separators=(",", ":"), allow_nan=False).encode()
        return Response(status, {"Content-Type": "application/json"}, body)

    @staticmethod
    def text(words: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> Response:
        return Response(status, {"Content-Type": kind}, words.encode())
