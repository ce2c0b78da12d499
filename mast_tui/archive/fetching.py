"""One file for the preview, whole, into a private folder of the app. Runs in a worker, called by `archive.jobs`.

The queue of downloads is the room `transfer`; this is the glance before it. A broken connection is taken up where it
broke, as long as the server can say that the file is still the same.
"""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path
from typing import BinaryIO

import requests

from mast_tui.archive import failures
from mast_tui.archive.session import ArchiveSession
from mast_tui.core.errors import LocalFailure, NotAllowed, NotFound, TemporarilyUnavailable
from mast_tui.core.text import clean, human_bytes
from mast_tui.core.workers import report

_BLOCK = 1 << 16
_REPORT_EVERY_S = 0.5
#: Requests for one file: the first, and after each break one more.
_MOST_REQUESTS = 6
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)$")


class Download:
    """One file on its way: `have` bytes of `total` (None when the server does not say) are in `file`."""

    def __init__(self, session: ArchiveSession, url: str, file: BinaryIO) -> None:
        self._session, self._url, self._file = session, url, file
        self.have = 0
        self.total: int | None = None
        self._same_as = ""
        self._told = 0.0

    def run(self) -> None:
        for request_number in range(1, _MOST_REQUESTS + 1):
            before = self.have
            try:
                self._request()
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                if request_number == _MOST_REQUESTS or self.have == before or not self._same_as:
                    raise
                continue
            if self.total is not None and self.have != self.total:
                raise TemporarilyUnavailable("the file came with another length than announced", "", "Try again")
            return

    def _request(self) -> None:
        headers = {"Accept-Encoding": "identity"}
        if self.have:
            headers |= {"Range": f"bytes={self.have}-", "If-Range": self._same_as}
        with self._session.get(self._url, headers=headers, stream=True) as response:
            refuse_errors(response)
            self._begin(response)
            for block in response.iter_content(_BLOCK):
                self._keep(block)
                self._tell()

    def _begin(self, response: requests.Response) -> None:
        span = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
        if response.status_code == requests.codes.partial_content and span and int(span[1]) == self.have:
            self.total = int(span[2])
            return
        self._file.seek(0)
        self._file.truncate()
        self.have = 0
        length = response.headers.get("Content-Length", "")
        packed = response.headers.get("Content-Encoding", "identity") != "identity"  # then it is the packed length
        self.total = int(length) if length.isdecimal() and not packed else None
        etag = response.headers.get("ETag", "")
        self._same_as = "" if etag.startswith("W/") else etag

    def _keep(self, block: bytes) -> None:
        try:
            self._file.write(block)
        except OSError as error:  # told apart from those of the network, which are of the same family
            raise not_written(error) from None
        self.have += len(block)

    def _tell(self) -> None:
        if time.monotonic() - self._told >= _REPORT_EVERY_S:
            self._told = time.monotonic()
            report(f"moved {human_bytes(self.have)}" + (f" of {human_bytes(self.total)}" if self.total else ""))


def fetch_file(session: ArchiveSession, url: str, target: Path) -> int:
    """Bring `url` to `target`, by way of `.part` beside it; its size in bytes."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            download = Download(session, url, file)
            with failures.translated():
                download.run()
        part.replace(target)
    except OSError as error:  # those of the network have been translated
        raise not_written(error) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return download.have


def not_written(error: OSError) -> LocalFailure:
    """The disk said no."""
    return LocalFailure("the file can't be written", clean(error.strerror), "Free some space, and try again")


def refuse_errors(response: requests.Response) -> None:
    """Raise what an answer means that is not the file, nor a part of it."""
    if response.status_code == requests.codes.not_found:
        raise NotFound("the archive has no such file", "", "Look at the products of its observation again")
    if response.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise NotAllowed(
            f"the archive does not give this file ({response.status_code})",
            "It is exclusive to its proposers, or not public yet",
            "Log in with a token that may have it, or wait for its release",
        )
    response.raise_for_status()
    if "text/html" in response.headers.get("Content-Type", "") and not _is_page(response.url):
        raise failures.web_page()


def _is_page(url: str) -> bool:
    return url.lower().endswith((".html", ".htm"))
