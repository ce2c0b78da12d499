"""The public cloud copy of the embedded archive: a bucket as S3 serves it, on a port of its own.

`path_lookup` is the archive's answer to where a file is; `CloudCopy` is the bucket behind it. Only public files are in
it. Its ETags are S3's: the MD5 of the bytes, or, for what would have been uploaded in parts, something with a dash.
What S3 does was taken from AWS's documentation of GetObject; stpubdata itself has not been asked from here.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mast_tui.demo import recorded
from mast_tui.demo.downloads import send
from mast_tui.demo.faults import Fault, Faults, Scope
from mast_tui.demo.holdings import Content
from mast_tui.demo.identity import identify, may_have
from mast_tui.demo.messages import Request, Response
from mast_tui.demo.products import File, Products

#: The bucket's name, which clients put before the key where the host's name does not say it.
BUCKET = "stpubdata"
#: What S3's own tools upload in parts begins here, and a part is as long.
_PART = 8 << 20
_HST = re.compile(r"mast:HST/product/(([a-z0-9]{4})[a-z0-9]{5})_([\w.]+)")
#: Files of MAST's and astroquery's documentation that the archive knows a path of; their bytes are not held here.
_DOCUMENTED = {
    "mast:HST/product/u24r0102t_c1f.fits": "/hst/public/u24r/u24r0102t/u24r0102t_c1f.fits",
    "mast:HST/product/jbeveo010_drz.fits": "/hst/public/jbev/jbeveo010/jbeveo010_drz.fits",
    "mast:PS1/product/rings.v3.skycell.1334.061.stk.r.unconv.exp.fits": (
        "/ps1/rings.v3.skycell/1334/061/rings.v3.skycell.1334.061.stk.r.unconv.exp.fits"
    ),
}


def path_lookup(products: Products, request: Request) -> Response:
    """Where the cloud copy of a file is: recorded and documented answers, and the rule of HST's files; else 404."""
    known = recorded.table("mast_relative_path.json")
    uris = request.query.get("uri", []) or request.form().get("uri", [])
    return Response.of_json({uri: known.get(uri) or _said(_path(products, uri)) for uri in uris})


def _path(products: Products, uri: str) -> str | None:
    named = _HST.fullmatch(uri)
    if named is not None and products.file(uri) is not None:
        return f"/hst/public/{named[2]}/{named[1]}/{named[1]}_{named[3]}"
    return _DOCUMENTED.get(uri)


def _said(path: str | None) -> dict[str, object]:
    return {"status_code": 404 if path is None else 200, "path": path}


@dataclass(frozen=True)
class Object:
    """The bytes of a file as the bucket has them."""

    content: Content
    etag: str

    @property
    def size(self) -> int:
        return self.content.size

    def read(self, offset: int, length: int) -> bytes:
        return self.content.read(offset, length)


class CloudCopy:
    """Answers GET and HEAD of `/KEY` and `/stpubdata/KEY`. `faults` are its own, apart from the archive's."""

    def __init__(self, products: Products, faults: Iterable[Fault] = ()):
        self.faults = Faults(faults)
        self._products = products
        self._lock = threading.Lock()
        self._etags: dict[str, str] = {}

    def classify(self, request: Request) -> tuple[Scope, str]:
        """Everything here is a file; the thing asked for is its key."""
        return "download", _key(request)

    def respond(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _refusal(403, "AccessDenied")
        key = _key(request)
        if self.faults.strike("unavailable", "download", key):
            return _refusal(503, "SlowDown")
        file = self._file(key)
        if file is None or self.faults.strike("missing", "download", key):
            return _refusal(404, "NoSuchKey")
        answer = send(replace(file, content=Object(file.content, self._etag(file))), self.faults, request)
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Disposition"}
        return replace(answer, headers=headers | {"x-amz-server-side-encryption": "AES256"})

    def _file(self, key: str) -> File | None:
        """The public file under a key."""
        file = self._products.file(f"mast:HST/product/{key.rsplit('/', 1)[-1]}")
        if file is None or (_path(self._products, file.uri) or "").lstrip("/") != key:
            return None
        return file if may_have(identify(""), file.row, file.observation) == "yes" else None

    def _etag(self, file: File) -> str:
        with self._lock:
            if file.uri not in self._etags:
                parts = max(1, -(-file.content.size // _PART))
                spans = [file.content.read(n * _PART, _PART) for n in range(min(parts, 2))]
                sums = [hashlib.md5(data, usedforsecurity=False) for data in spans]
                whole = hashlib.md5(b"".join(s.digest() for s in sums), usedforsecurity=False)
                tag = sums[0].hexdigest() if parts == 1 else f"{whole.hexdigest()}-{parts}"
                self._etags[file.uri] = f'"{tag}"'
            return self._etags[file.uri]


def _key(request: Request) -> str:
    return request.path.lstrip("/").removeprefix(f"{BUCKET}/")


def _refusal(status: int, code: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    return Response(status, {"Content-Type": "application/xml"}, body.encode())
