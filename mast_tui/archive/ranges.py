"""Parts of one file for a look at it, into the store of looks. Runs in a worker, called by `archive.jobs`.

Asked for by HTTP ranges, a few at a time, each under the validator of the first answer (If-Range, RFC 9110 §13.1.5), so
that bytes of two versions of a file never meet. A server that does not send parts, or packs its answers (gzip), or
gives no strong validator is noticed: then the file is read from its start, and no further than a limit.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import requests

from mast_tui.archive import failures
from mast_tui.archive.refusals import not_written, refuse_errors
from mast_tui.archive.session import ArchiveSession
from mast_tui.core.errors import TemporarilyUnavailable
from mast_tui.core.look_store import Kept, Span, joined, missing, new_kept, read_kept, tidy, touch, write_kept
from mast_tui.core.text import clean, human_bytes
from mast_tui.core.validators import strong_validator
from mast_tui.core.workers import report

#: The first question: the headers of most files, and the length and version of all.
FIRST_BYTES = 64 << 10
#: Files up to this length are taken whole; of packed ones less, since they come slower than they look.
SMALL_FILE, SMALL_PACKED = 8 << 20, 3 << 20
#: So much is read of a file whose server does not send parts.
MOST_WITHOUT_RANGES = 8 << 20
#: Requests at once. All 120 of a picture at once took a minute where the server queues few connections; 8 took 1.6 s.
AT_ONCE = 8
#: Bytes so near to each other are asked for in one request.
_NEAR = 4 << 10
_TRIES = 3
#: Written, told of and stopped after so many bytes: on a line of 4 kB/s every two seconds.
_BLOCK = 1 << 13
_REPORT_EVERY_S = 0.25
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)$")
_LINE_TROUBLE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class _Changed(Exception):
    """Another version of the file has come in the place of the one of which parts are held."""


class _NoParts(Exception):
    """The server does not send parts of this file in a way that could be used; the words say how it does."""


def fetch_parts(
    session: Callable[[], ArchiveSession],
    url: str,
    base: str,
    uri: str,
    wanted: Sequence[Sequence[int]] | None,
    moved_before: int = 0,
    fresh: bool = False,
) -> dict[str, Any]:
    """Bring the bytes `wanted` (spans; None: all of the file) to the store; how many came, and whether it changed.

    `fresh`: what is held was not compared with the server in this session yet. `session` makes a session; each thread
    has its own. Raises errors of our family.
    """
    held = read_kept(base, uri)
    moved, changed = 0, False
    with failures.translated():
        for _ in range(2):
            # one object a version: a thread that still reads for the old one knows nothing of the new one
            parts = _Parts(session, url, base, uri, moved_before + moved)
            try:
                parts.run(held, wanted, fresh)
            except _Changed:
                moved += parts.moved
                held, fresh, changed = None, False, True
                continue
            tidy(spare=parts.kept)
            return {"moved": moved + parts.moved, "changed": changed}
    raise TemporarilyUnavailable("the file changes while it is read", "", "Look again in a moment")


class _Parts:
    """The parts of one version of a file."""

    def __init__(self, session: Callable[[], ArchiveSession], url: str, base: str, uri: str, moved_before: int) -> None:
        self._session, self._url, self._base, self._uri = session, url, base, uri
        self._before, self.moved = moved_before, 0
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._came: list[Span] = []
        self._told = 0.0
        self.kept: Kept

    def run(self, held: Kept | None, wanted: Sequence[Sequence[int]] | None, fresh: bool) -> None:
        """Fetch for one version of the file; _Changed when another has come in its place."""
        if held is not None and not (held.validator and held.ranges):
            # nothing tells whether this is still the file: it serves the session in which it came
            held = None if fresh or wanted is None else held
        if held is None:
            self.kept = new_kept(self._base, self._uri)
            try:
                if not self._begin(MOST_WITHOUT_RANGES if wanted is not None else None):
                    return
            except _NoParts as refusal:
                self._from_the_start(MOST_WITHOUT_RANGES if wanted is not None else None, str(refusal))
                return
        else:
            self.kept = held
            touch(held)
            if not held.ranges:
                return
            if fresh:
                self._still_the_same()
        total = self.kept.total or 0
        if wanted is None or total <= self._small():
            wanted = [(0, total)]
        try:
            self._gaps([(max(0, a), min(b, total)) for a, b in wanted])
        except _NoParts:
            raise TemporarilyUnavailable("the server stopped sending parts of this file", "", "Look again") from None

    def _small(self) -> int:
        with self.kept.data.open("rb") as file:
            return SMALL_PACKED if file.read(2) == b"\x1f\x8b" else SMALL_FILE

    # --- the three ways to ask ----------------------------------------------------------------------------------

    def _begin(self, limit: int | None) -> bool:
        """The first bytes, and with them the file's length and version.

        False where the server answers with the whole file: then that is read, as by `_from_the_start`. _NoParts when it
        sends a part that can't be used.
        """
        headers = {"Accept-Encoding": "identity", "Range": f"bytes=0-{FIRST_BYTES - 1}"}
        with self._session().get(self._url, headers=headers, stream=True) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                raise _NoParts  # an empty file has no first byte: there is nothing to say
            refuse_errors(response)
            if response.status_code != requests.codes.partial_content:
                self._read_from_the_start(response, limit, _how_refused(response))
                return False
            span = _span_of(response)
            validator = strong_validator(_lower(response))
            if span is None or span[0] != 0 or not validator:
                raise _NoParts(_how_refused(response))
            self.kept = replace(self.kept, validator=validator, total=span[2])
            self._take(response, 0, min(FIRST_BYTES, span[2]))
        self._note()
        return True

    def _still_the_same(self) -> None:
        """One byte, under the validator of what is held: _Changed when that is another version's."""
        try:
            self._one((0, 1))
        except _NoParts:
            raise _Changed from None

    def _from_the_start(self, limit: int | None, refusal: str) -> None:
        with self._session().get(self._url, headers={"Accept-Encoding": "identity"}, stream=True) as response:
            refuse_errors(response)
            self._read_from_the_start(response, limit, refusal)

    def _read_from_the_start(self, response: requests.Response, limit: int | None, refusal: str) -> None:
        """All of the file in one answer, or its first `limit` bytes: then the connection is left."""
        length = response.headers.get("Content-Length", "")
        packed = _is_packed(response)
        total = int(length) if length.isdecimal() and not packed else None
        validator = "" if packed else strong_validator(_lower(response))
        self.kept = replace(self.kept, ranges=False, refusal=refusal, total=total, validator=validator)
        came = self._take(response, 0, limit if limit is not None and (total is None or total > limit) else None)
        if limit is None or came < limit:
            if total is not None and came != total:
                raise TemporarilyUnavailable("the file came with another length than announced", "", "Try again")
            self.kept = replace(self.kept, total=came)
        self._note()

    def _gaps(self, wanted: Sequence[Span]) -> None:
        """What of `wanted` is not there yet, some requests at once. What came before a failure is kept."""
        gaps = joined(missing(self.kept.known, wanted), _NEAR)
        if not gaps:
            return
        pool = concurrent.futures.ThreadPoolExecutor(min(AT_ONCE, len(gaps)))
        try:
            waiting = {pool.submit(self._one, gap) for gap in gaps}
            while waiting:
                done, waiting = concurrent.futures.wait(waiting, _REPORT_EVERY_S, concurrent.futures.FIRST_EXCEPTION)
                self._tell()
                for future in done:
                    future.result()
        finally:
            self._stop.set()
            # not waited for: who still reads writes to this version's own file
            pool.shutdown(wait=False, cancel_futures=True)
            self._note()

    # --- one request --------------------------------------------------------------------------------------------

    def _one(self, span: Span) -> None:
        """The bytes of one span, taken up where the line broke."""
        at, stop = span
        session, stopped = self._session(), self._stop
        for attempt in range(1, _TRIES + 1):
            before = at
            headers = {
                "Accept-Encoding": "identity",
                "Range": f"bytes={at}-{stop - 1}",
                "If-Range": self.kept.validator,
            }
            try:
                with session.get(self._url, headers=headers, stream=True) as response:
                    self._same(response, at)
                    at = self._take(response, at, stop, stopped)
            except _LINE_TROUBLE as trouble:
                at = max([at, *(b for a, b in self._spans() if a <= at < b)])
                if attempt == _TRIES and at == before:
                    raise trouble from None
            if at >= stop or stopped.is_set():
                return
        raise TemporarilyUnavailable("the archive sent less than was asked for", "", "Try again")

    def _same(self, response: requests.Response, at: int) -> None:
        """That this answer begins at byte `at` of the version that is held."""
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            raise _Changed  # it was long enough before
        refuse_errors(response)
        validator = strong_validator(_lower(response))
        span = _span_of(response)
        if span is None:
            raise _Changed if validator != self.kept.validator else _NoParts
        if span[0] != at or span[2] != self.kept.total or (validator and validator != self.kept.validator):
            raise _Changed

    def _take(
        self, response: requests.Response, at: int, stop: int | None, stopped: threading.Event | None = None
    ) -> int:
        """Write the body from byte `at` on, up to `stop`; where it ended."""
        start, moved = at, 0
        fd = self._open()
        try:
            for block in response.iter_content(_BLOCK):
                piece = block if stop is None else block[: stop - at]
                _write(fd, piece, at)
                at += len(piece)
                # what came over the wire: of a packed answer less than what was unpacked from it
                wire = response.raw.tell()
                with self._lock:
                    self.moved += wire - moved
                moved = wire
                if stopped is None:
                    self._tell()
                if (stop is not None and at >= stop) or (stopped is not None and stopped.is_set()):
                    break
        finally:
            os.close(fd)
            with self._lock:
                self._came.append((start, at))
        return at

    def _open(self) -> int:
        try:
            return os.open(self.kept.data, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise not_written(error) from None

    def _spans(self) -> list[Span]:
        with self._lock:
            return joined(self._came)

    # --- what is known ------------------------------------------------------------------------------------------

    def _note(self) -> None:
        """The bytes that came are on disk, and then known to be."""
        with self._lock:
            came, self._came = self._came, []
        self.kept = self.kept.with_spans(came)
        try:
            fd = self._open()
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
            write_kept(self.kept)
        except OSError as error:
            raise not_written(error) from None

    def _tell(self) -> None:
        if time.monotonic() - self._told >= _REPORT_EVERY_S:
            self._told = time.monotonic()
            of = f" of {human_bytes(self.kept.total)}" if self.kept.total else ""
            report(f"moved {human_bytes(self._before + self.moved)}{of}")


def _write(fd: int, data: bytes, at: int) -> None:
    try:
        while data:
            n = os.pwrite(fd, data, at)
            data, at = data[n:], at + n
    except OSError as error:  # told apart from those of the network, which are of the same family
        raise not_written(error) from None


def _span_of(response: requests.Response) -> tuple[int, int, int] | None:
    """First byte, last byte and length of the file, where the answer is an honest part of it."""
    if response.status_code != requests.codes.partial_content or _is_packed(response):
        return None
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", "").strip())
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _how_refused(response: requests.Response) -> str:
    """Why this answer to a question for the first bytes is of no use for asking for others, in words."""
    if _is_packed(response):
        coding = clean(response.headers.get("Content-Encoding"), 20)
        return f"the server packs files on their way ({coding}) and sends no parts of them"
    if response.status_code == requests.codes.partial_content:
        if _span_of(response) is None:
            return "the server does not say how long the file is"
        return "the server does not say which version of the file a part is of"
    if "Content-Length" not in response.headers:
        return "the server sends no parts of files and does not say how long this one is"
    return "the server sends no parts of files"


def _is_packed(response: requests.Response) -> bool:
    """Packed for the way: ranges and length are then those of the packed bytes."""
    return response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity")


def _lower(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def own_session(make: Callable[[], ArchiveSession]) -> Callable[[], ArchiveSession]:
    """A session for every thread that asks: sessions are not made to be shared."""
    local = threading.local()

    def session() -> ArchiveSession:
        with contextlib.suppress(AttributeError):
            found: ArchiveSession = local.session
            return found
        local.session = made = make()
        return made

    return session
