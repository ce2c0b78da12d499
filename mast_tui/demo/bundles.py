"""Curl scripts: `bundle.sh` for product addresses, and `Mast.Bundle.Request` for a list of web addresses.

The server calls this. A script asked for through the Mashup (HSC spectra) is kept in memory until it is fetched; the
last few are kept.
"""

from __future__ import annotations

import re
import shlex
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from mast_tui.demo.criteria import InvalidRequest
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.products import Products

STAGE = "/portal/Download/stage/anonymous/public/"
_KEPT = 32
_CURL = "curl --globoff --location-trusted -f --progress-bar --create-dirs -C -"
_HEAD = ["#!/bin/bash", "# a curl script as MAST's bundler makes them, written by the embedded archive of mast-tui", ""]


class Bundles:
    """The scripts that were asked for. Safe to call from many threads."""

    def __init__(self, products: Products):
        self._products = products
        self._lock = threading.Lock()
        self._staged: OrderedDict[str, str] = OrderedDict()

    def script(self, request: Request) -> Response:
        """`POST bundle.sh` with `uri=...&uri=...`: a script that fetches the files from this archive."""
        uris = request.form().get("uri", [])
        if not uris:
            return Response.of_json({"status": "ERROR", "msg": "no uri was given"}, 400)
        folder = "mastDownload_" + datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        lines = list(_HEAD)
        for uri in uris:
            file = self._products.file(uri)
            if file is None:
                lines.append(f"# not found: {_visible(uri)}")
                continue
            path = f"{folder}/{file.row.get('obs_collection')}/{file.row.get('obs_id')}/{uri.rsplit('/', 1)[-1]}"
            address = f"{request.base_url}/api/v0.1/Download/file?uri={quote(uri, safe=':/')}"
            lines.append(_curl(path, address))
        return _shell(lines)

    def stage(self, params: Json, base_url: str) -> Json:
        """`Mast.Bundle.Request`: the address of a script for `urlList`, in the layout of the recorded answer.

        Raises InvalidRequest when addresses and paths do not belong together.
        """
        addresses, paths = _split(params.get("urlList")), _split(params.get("pathList"))
        if not addresses or len(addresses) != len(paths):
            raise InvalidRequest("urlList and pathList must name the same number of files")
        name = re.sub(r"[^\w.-]", "_", str(params.get("filename") or "mastDownload"))[:80] + ".sh"
        with self._lock:
            self._staged[name] = "\n".join([*_HEAD, *map(_curl, paths, addresses)]) + "\n"
            while len(self._staged) > _KEPT:
                self._staged.popitem(last=False)
        return {
            "status": "COMPLETE",
            "msg": "",
            "bytesStreamed": 0,
            "url": f"{base_url}{STAGE}{name}",
            "manifestUrl": f"{base_url}{STAGE}{name}_MANIFEST.html",
            "statusList": dict.fromkeys(addresses, "COMPLETE"),
            "progress": 1,
        }

    def staged(self, path: str) -> Response:
        """A script that `stage` has promised."""
        with self._lock:
            text = self._staged.get(path.removeprefix(STAGE))
        return Response.text("Not Found\n", 404) if text is None else _shell(text.splitlines())


def _split(words: object) -> list[str]:
    return [word for word in str(words or "").split(",") if word]


def _curl(path: str, address: str) -> str:
    return f"{_CURL} --output {shlex.quote('./' + path)} {shlex.quote(_visible(address))}"


def _visible(text: str) -> str:
    """One line, whatever came in."""
    return re.sub(r"[^ -~]", "_", text)


def _shell(lines: Sequence[str]) -> Response:
    return Response.text("\n".join(lines) + "\n", kind="text/x-shellscript; charset=utf-8")
