"""Files: `Download/file` and `retrieve_product` with Range, If-Range and rights.

The server calls these with the archive's product index. Ranges follow RFC 9110 (sections 13 and 14): one range, a
strong ETag or a date in If-Range. What MAST itself does with If-Range has not been measured.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from mast_tui.demo.faults import Faults
from mast_tui.demo.holdings import Content
from mast_tui.demo.identity import identify, may_have
from mast_tui.demo.messages import Request, Response, Span
from mast_tui.demo.products import File, Products

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
#: All files are as old as the demo's data; a changed file is a minute younger with each change.
_MADE = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)
_CHANGED_FROM = 2880
_TYPES = {
    ".fits": "image/fits",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".json": "application/json",
    ".txt": "text/plain",
    ".gz": "application/gzip",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class ChangedContent:
    """The file after its `version`-th change: as long as before, other bytes after the first FITS block."""

    content: Content
    version: int

    @property
    def size(self) -> int:
        return self.content.size

    @property
    def etag(self) -> str:
        return self.content.etag.rstrip('"') + f'-{self.version}"'

    def read(self, offset: int, length: int) -> bytes:
        data = self.content.read(offset, length)
        keep = min(len(data), max(0, min(_CHANGED_FROM, self.size - 1) - offset))
        flip = bytes(byte ^ (self.version & 0xFF) for byte in range(256))
        return data[:keep] + data[keep:].translate(flip)


def download(products: Products, faults: Faults, request: Request, uri: str) -> Response:
    """HEAD or GET of the file at `uri`: 200, 206, 304, 401, 403, 404 or 416."""
    file = products.file(uri)
    if file is None:
        return _refusal(404, f"File not found: {uri[:200]}")
    verdict = may_have(identify(request.token), file.row, file.observation)
    if verdict == "who":
        return _refusal(401, "Authentication is required for exclusive access data.")
    if verdict == "no":
        return _refusal(403, "You are not authorized to download this exclusive access file.")
    return send(file, faults, request)


def send(file: File, faults: Faults, request: Request) -> Response:
    """The bytes of a file that may be had, or those that were asked for."""
    version = faults.happened("changed", file.uri)
    if request.method == "GET":
        faults.strike("changed", "download", file.uri)
    content: Content = ChangedContent(file.content, version) if version else file.content
    modified = _MADE.replace(minute=min(59, version))
    suffix = "." + file.uri.rsplit(".", 1)[-1].lower()
    headers = {
        "Content-Type": _TYPES.get(suffix, "application/octet-stream"),
        "ETag": content.etag,
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Content-Disposition": f"attachment; filename={_quoted(file.uri.rsplit('/', 1)[-1])}",
    }
    size = content.size
    if faults.has("gzip", "download"):
        packed = gzip.compress(content.read(0, size), 1, mtime=0)
        # the validator of packed bytes is not that of the file (RFC 9110, 8.8.3.3)
        return Response(200, headers | {"Content-Encoding": "gzip", "ETag": "W/" + content.etag}, packed)
    if faults.has("nolength", "download"):
        return Response(200, headers, Span(content, 0, size), length=False)
    if faults.has("norange", "download"):
        return Response(200, headers, Span(content, 0, size))
    headers["Accept-Ranges"] = "bytes"
    if request.headers.get("if-none-match") == content.etag:
        return Response(304, headers)
    asked = _asked_range(request.headers.get("range", ""), size)
    if asked is None or not _if_range_holds(request.headers.get("if-range", ""), content.etag, modified):
        return Response(200, headers, Span(content, 0, size))
    start, stop = asked
    if start >= stop:
        return Response(416, headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return Response(206, headers, Span(content, start, stop))


def _asked_range(text: str, size: int) -> tuple[int, int] | None:
    """Start and stop (exclusive) of a single range; empty when it can't be satisfied; None when there is none."""
    found = _RANGE.fullmatch(text.replace(" ", ""))
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size) if int(found[2]) else (size, size)
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < start:
        return None
    return start, min(last + 1, size)


def _if_range_holds(text: str, etag: str, modified: datetime) -> bool:
    if not text:
        return True
    if text.startswith(('"', "W/")):
        return text == etag
    try:
        return parsedate_to_datetime(text) == modified
    except ValueError:
        return False


def _quoted(name: str) -> str:
    return '"' + re.sub(r'[^ -~]|["\\]', "_", name) + '"'


def _refusal(status: int, words: str) -> Response:
    return Response.of_json({"status": "ERROR", "msg": words}, status)
