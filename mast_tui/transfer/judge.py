"""What a server's answer means for one file, from its status and headers alone. Used by the engine.

The common fault of downloaders is to append a 200 answer to what they hold, or to take a login page for data; here
each answer is judged before a byte of it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mast_tui.core.text import clean
from mast_tui.core.validators import strong_validator
from mast_tui.transfer.backoff import retry_after_s
from mast_tui.transfer.outcomes import NO_SUCH_FILE, GiveUp, NeedsLogin, TryAgain
from mast_tui.transfer.part import Held

_RETRY = frozenset({408, 421, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_NAMES = (".html", ".htm", ".xhtml")
_JSON_TYPES = frozenset({"application/json", "application/problem+json"})
#: Names whose content is binary: a JSON answer to these is an error message, whatever the status says.
_BINARY_NAMES = (
    ".fits", ".fit", ".fts", ".gz", ".jpg", ".jpeg", ".png", ".gif", ".pdf", ".zip", ".tar", ".tgz", ".asdf", ".bz2"
)  # fmt: skip
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)$")


@dataclass(frozen=True)
class Plan:
    """Where the body begins in the file, the file's whole length (None: not stated), and what names its version.

    `framed` is true when the body carries its own end mark (chunked), so that a cut is noticed without a length. `md5`
    is that of the whole file, in hex, where the server states it.
    """

    offset: int
    total: int | None
    validator: str
    framed: bool
    md5: str = ""


def judge(status: int, headers: Mapping[str, str], name: str, held: Held | None, server: str = "the archive") -> Plan:
    """The plan for an answer to a GET that asked for the rest after `held`. Header names in lower case.

    A 416 may say that what is held is the whole file; its plan then begins at its end. TryAgain, NeedsLogin or GiveUp
    when there is nothing to write.
    """
    if status == 416 and held is not None and _is_whole(headers, held):
        return Plan(held.offset, held.offset, held.validator, framed=False)
    _judge_status(status, headers, held, server)
    _judge_kind(headers, name)
    validator = strong_validator(headers)
    framed = "chunked" in headers.get("transfer-encoding", "").lower()
    if status == 200:
        return Plan(0, _length(headers) if not framed else None, validator, framed)
    match = _RANGE.match(headers.get("content-range", "").strip())
    if match is None:
        raise TryAgain("the server's answer does not say which bytes it holds", after_s=0, drop=True)
    first, total = int(match[1]), None if match[3] == "*" else int(match[3])
    if first != (held.offset if held else 0) or (total is not None and total <= first):
        raise TryAgain("the server sent other bytes than asked for", after_s=0, drop=True)
    if held is not None and (
        (None not in (total, held.total) and total != held.total) or _names_another(headers, held)
    ):
        raise TryAgain("the file changed on the server", after_s=0, drop=True)
    if total is None and held is not None:
        total = held.total
    return Plan(first, total, validator or (held.validator if held else ""), framed)


def _is_whole(headers: Mapping[str, str], held: Held) -> bool:
    """Whether a 416 says that what is held, whose length nobody had stated, is all there is (RFC 9110, 15.5.17)."""
    stated = headers.get("content-range", "").strip()
    return held.total is None and stated == f"bytes */{held.offset}" and not _names_another(headers, held)


def _names_another(headers: Mapping[str, str], held: Held) -> bool:
    """Whether the answer has an ETag that is not the one of what is held."""
    return "etag" in headers and held.validator.startswith('"') and strong_validator(headers) != held.validator


def _judge_status(status: int, headers: Mapping[str, str], held: Held | None, server: str) -> None:
    if status in (200, 206):
        return
    if status in (401, 403):
        raise NeedsLogin(f"{server} does not give this file to everybody (HTTP {status})")
    if status == 416:
        raise TryAgain("the server has fewer bytes than we hold", after_s=0 if held else None, drop=True)
    if status in _RETRY:
        words = f"{server} is busy" if status in (429, 503) else f"{server} has a fault"
        raise TryAgain(f"{words} (HTTP {status})", after_s=retry_after_s(headers.get("retry-after")))
    if status in (404, 410):
        raise GiveUp(f"{server} {NO_SUCH_FILE} (HTTP {status})")
    raise GiveUp(f"{server} refuses this file (HTTP {status})")


def _judge_kind(headers: Mapping[str, str], name: str) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    low = name.lower()
    page = kind in _PAGE_TYPES and not low.endswith(_PAGE_NAMES)
    message = kind in _JSON_TYPES and low.endswith(_BINARY_NAMES)
    if page or message:
        raise TryAgain(f"the server sent {clean(kind, 40)} in place of the file: a maintenance or login page?")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity") and not (coding in ("gzip", "x-gzip") and low.endswith((".gz", ".tgz"))):
        raise TryAgain(f"the server sent the file in another coding ({clean(coding, 20)})")


def _length(headers: Mapping[str, str]) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isdecimal() else None
