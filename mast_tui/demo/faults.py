"""Faults by name, so that tests and users can see what the app does when the archive misbehaves.

A fault is written `[metadata:|download:]NAME[=VALUE][xTIMES]`, such as `slow=0.5`, `download:unavailable=3`,
`stall=0.3xall`. `server` asks `Faults` once a request; what a fault means is carried out there and in `downloads`.
Counted faults count per thing asked for (a file, a service), so that a retry of the same thing gets through.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Scope = Literal["metadata", "download"]
_WRITTEN = re.compile(r"(?:(metadata|download):)?([a-z0-9-]+?)(?:=([0-9.]+))?(?:x([0-9]+|all))?")


@dataclass(frozen=True)
class _Kind:
    """Where a fault applies when nothing is said, what its number means, and how often it happens (None: always)."""

    scopes: tuple[Scope, ...]
    value: float
    times: int | None
    about: str
    value_is_times: bool = False


KINDS: dict[str, _Kind] = {
    "slow": _Kind(("metadata", "download"), 0.5, None, "every answer waits VALUE seconds"),
    "rate": _Kind(("download",), 200_000, None, "files come at VALUE bytes a second and connection"),
    "executing": _Kind(("metadata",), 2, 2, "VALUE answers EXECUTING before each result", True),
    "unavailable": _Kind(("metadata",), 2, 2, "503 with Retry-After: 1, VALUE times", True),
    "html": _Kind(("metadata",), 1, None, "a maintenance page in HTML with status 200"),
    "error": _Kind(("metadata",), 1, None, "status ERROR, or 500 where there is no such status"),
    "page2": _Kind(("metadata",), 1, 1, "the second page of a result fails VALUE times with 503", True),
    "page2-always": _Kind(("metadata",), 1, None, "the second page of a result always fails with 503"),
    "truncated": _Kind(("download",), 0.5, 1, "the connection closes after the fraction VALUE of a body"),
    "reset": _Kind(("download",), 1, 1, "the connection is reset halfway, VALUE times a file", True),
    "stall": _Kind(("download",), 0.5, 1, "nothing comes after the fraction VALUE of a body"),
    "silent": _Kind(("metadata",), 1, None, "the connection is accepted and never answered"),
    "nolength": _Kind(("download",), 1, None, "no Content-Length and no ranges"),
    "norange": _Kind(("download",), 1, None, "Range is ignored"),
    "gzip": _Kind(("download",), 1, None, "files come packed (Content-Encoding: gzip), unasked and without ranges"),
    "missing": _Kind(("download",), 1, None, "the cloud copy lacks the file"),
    "changed": _Kind(("download",), 1, 1, "the file changes after a GET, VALUE times: other bytes, other ETag", True),
}


@dataclass(frozen=True)
class Fault:
    """One fault as asked for; `times` None is always."""

    name: str
    scopes: tuple[Scope, ...]
    value: float
    times: int | None

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "scopes": list(self.scopes), "value": self.value, "times": self.times}


def parse_fault(text: str) -> Fault:
    """Read a fault as it is written on the command line. Raises ValueError with the nearest name."""
    written = _WRITTEN.fullmatch(text.strip())
    if not written:
        raise ValueError(f"a fault is written NAME, NAME=VALUE or NAME=VALUExTIMES, not {text!r}")
    scope, name, value, times = written.groups()
    kind = KINDS.get(name)
    if kind is None:
        near = difflib.get_close_matches(name, KINDS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(KINDS)}"
        raise ValueError(f"there is no fault {name!r}{hint}")
    number = kind.value
    if value is not None:
        try:
            number = float(value)
        except ValueError:
            raise ValueError(f"{value!r} in {text!r} is not a number") from None
    count = int(number) if kind.value_is_times else kind.times
    if times is not None:
        count = None if times == "all" else int(times)
    scopes: tuple[Scope, ...] = kind.scopes
    if scope == "metadata":
        scopes = ("metadata",)
    elif scope == "download":
        scopes = ("download",)
    return Fault(name, scopes, number, count)


class Faults:
    """The faults that are switched on, and how often each has happened to each thing asked for."""

    def __init__(self, faults: Iterable[Fault] = ()):
        self._lock = threading.Lock()
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Switch on exactly these, and forget what has happened."""
        with self._lock:
            self._faults = tuple(faults)
            self._happened: dict[tuple[int, str], int] = {}

    def listed(self) -> tuple[Fault, ...]:
        return self._faults

    def has(self, name: str, scope: Scope) -> Fault | None:
        """The fault of that name if it is on, without counting."""
        return next((f for f in self._faults if f.name == name and scope in f.scopes), None)

    def strike(self, name: str, scope: Scope, thing: str) -> Fault | None:
        """The fault of that name if it happens now to `thing`; counted faults happen their number of times."""
        with self._lock:
            for number, fault in enumerate(self._faults):
                if fault.name != name or scope not in fault.scopes:
                    continue
                happened = self._happened.get((number, thing), 0)
                if fault.times is not None and happened >= fault.times:
                    continue
                self._happened[number, thing] = happened + 1
                return fault
        return None

    def happened(self, name: str, thing: str) -> int:
        """How often a fault has happened to `thing`."""
        with self._lock:
            return sum(
                count
                for (number, what), count in self._happened.items()
                if what == thing and self._faults[number].name == name
            )


MAINTENANCE_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>MAST is down for maintenance</title></head>\n"
    "<body><h1>Scheduled maintenance</h1><p>The archive will be back soon. (Simulated by the demo.)</p></body></html>\n"
)
