"""The whole embedded archive behind one function: which request goes to which service.

`server` makes one `Archive` and calls `respond` for every request; nothing here knows about sockets. Metadata faults
that only change an answer are applied here, those that break connections in `server`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from mast_tui.demo import cutouts, formats, panstarrs, recorded
from mast_tui.demo.bundles import STAGE, Bundles
from mast_tui.demo.cloud import path_lookup
from mast_tui.demo.downloads import download
from mast_tui.demo.faults import MAINTENANCE_PAGE, Fault, Faults, Scope, parse_fault
from mast_tui.demo.fields import columns_config
from mast_tui.demo.holdings import HeldObservation
from mast_tui.demo.identity import whoami
from mast_tui.demo.invoke import Mashup, page_number, read_request
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.missions import Missions
from mast_tui.demo.products import Products
from mast_tui.demo.resolver import Resolver
from mast_tui.demo.sky import Sky

_FILES = ("/api/v0.1/Download/file", "/portal/Download/file")
RESOLVER_HOST = "mastresolver.stsci.edu"
_LOOPBACK = ("127.0.0.1", "localhost", "::1", "")

Handler = Callable[[Request], Response]


class Archive:
    """Recorded, real and simulated holdings, and the services over them. Safe to call from many threads."""

    def __init__(
        self,
        observations: Sequence[HeldObservation],
        resolver_entries: Iterable[Mapping[str, Any]] = (),
        rows: int = 0,
        faults: Iterable[Fault] = (),
    ):
        """The recordings, `observations`, and `rows` simulated observations. Raises ValueError for too many rows."""
        self.faults = Faults(faults)
        #: Where the cloud copy of the files is served, if it is.
        self.cloud_url = ""
        self.sky = Sky([*recorded.observations(), *observations], rows, recorded.cones())
        self.products = Products(self.sky)
        self.resolver = Resolver(self.sky, resolver_entries)
        self._bundles = Bundles(self.products)
        self._mashup = Mashup(self.sky, self.products, self.resolver, self._bundles)
        self._missions = Missions(self.sky, self.products, self.faults)
        self._get: dict[str, Handler] = {
            "/whoami": whoami,
            "/Santa-war/query": self.resolver.respond,
            "/api/v0.1/path_lookup": lambda request: path_lookup(self.products, request),
            "/api/v0/invoke": self._invoke,
            "/demo/faults": self._list_faults,
            "/demo/cloud": lambda request: Response.of_json({"cloud": self.cloud_url or None}),
        }
        self._post: dict[str, Handler] = {
            "/api/v0/invoke": self._invoke,
            "/portal/Mashup/Mashup.asmx/columnsconfig": _columns_config,
            "/api/v0.1/Download/bundle.sh": self._bundles.script,
            "/api/v0.1/path_lookup": lambda request: path_lookup(self.products, request),
            "/demo/faults": self._set_faults,
        }

    def classify(self, request: Request) -> tuple[Scope, str]:
        """The function of this name: every server of the demo says for itself what is a file."""
        return classify(request)

    def respond(self, request: Request) -> Response:
        """The answer to one request, whatever it is."""
        if urlsplit(request.base_url).hostname not in (*_LOOPBACK, RESOLVER_HOST):
            return Response.text("the embedded archive stands for MAST's hosts only\n", 502)
        path = "/" + request.path.strip("/")
        if path.startswith("/demo/"):
            return self._route(path, request)
        scope, thing = classify(request)
        spoiled = self._spoiled(scope, thing, path)
        return spoiled if spoiled is not None else self._route(path, request)

    def _spoiled(self, scope: Scope, thing: str, path: str) -> Response | None:
        """The answer that a fault puts in the place of the true one."""
        if self.faults.strike("unavailable", scope, thing):
            return Response(503, {"Content-Type": "text/html", "Retry-After": "1"}, MAINTENANCE_PAGE.encode())
        if self.faults.strike("html", scope, thing):
            return Response.text(MAINTENANCE_PAGE, kind="text/html; charset=utf-8")
        if path != "/api/v0/invoke" and self.faults.strike("error", scope, thing):
            return Response.text("Internal Server Error (simulated by the demo)\n", 500)
        return None

    def _route(self, path: str, request: Request) -> Response:
        if path in _FILES and request.method in ("GET", "HEAD"):
            return download(self.products, self.faults, request, request.first("uri"))
        if path.startswith(STAGE) and request.method in ("GET", "HEAD"):
            return self._bundles.staged(path)
        if path.startswith("/search/"):
            return self._missions.respond(request)
        if path.startswith("/api/v0.1/panstarrs/"):
            return panstarrs.respond(request)
        if path.startswith(("/tesscut/", "/zcut/", "/hapcut/")):
            return cutouts.respond(self.sky, request)
        handler = (self._post if request.method == "POST" else self._get).get(path)
        if handler is not None:
            return handler(request)
        known = path in self._get or path in self._post or path in _FILES
        return Response.text("Method Not Allowed\n" if known else "Not Found\n", 405 if known else 404)

    # -- the Mashup, with its faults ----------------------------------------------------------------------------

    def _invoke(self, request: Request) -> Response:
        try:
            asked = read_request(request)
        except ValueError as error:
            return Response.of_json({"status": "ERROR", "msg": str(error)}, 400)
        question = json.dumps(asked, sort_keys=True)
        if self.faults.strike("executing", "metadata", question):
            return formats.executing(50)
        if self.faults.strike("error", "metadata", str(asked.get("service"))):
            return formats.error("Simulated by the demo: the database is not available.")
        if page_number(asked) == 2 and (
            self.faults.strike("page2", "metadata", _without_breaker(asked))
            or self.faults.strike("page2-always", "metadata", "")
        ):
            return Response.text("Service Unavailable: page 2 (simulated by the demo)\n", 503)
        return self._mashup.invoke(asked, request.base_url)

    # -- the demo's own switchboard -----------------------------------------------------------------------------

    def _list_faults(self, request: Request) -> Response:
        return Response.of_json({"faults": [fault.to_json() for fault in self.faults.listed()]})

    def _set_faults(self, request: Request) -> Response:
        """`{"faults": ["slow=0.5", ...]}` switches on exactly these."""
        try:
            wanted = request.json().get("faults", [])
            self.faults.replace([parse_fault(str(text)) for text in wanted])
        except (TypeError, ValueError) as error:
            return Response.of_json({"msg": str(error)}, 400)
        return self._list_faults(request)


def classify(request: Request) -> tuple[Scope, str]:
    """Whether a request is for a file or for metadata, and the thing it asks for, by which faults are counted."""
    path = "/" + request.path.strip("/")
    if path in _FILES:
        return "download", request.first("uri")
    if path.endswith("/retrieve_product"):
        return "download", request.first("product_name")
    if path == "/api/v0/invoke":
        try:
            return "metadata", f"{path} {read_request(request).get('service')}"
        except ValueError:
            return "metadata", path
    return "metadata", path


def _without_breaker(asked: Json) -> str:
    return json.dumps({k: v for k, v in asked.items() if k != "cacheBreaker"}, sort_keys=True)


def _columns_config(request: Request) -> Response:
    return Response.of_json(columns_config(request.form().get("colConfigId", [""])[0]))
