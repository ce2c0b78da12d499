"""Where the files of an archive are in its public cloud copy, as the archive itself says. Used by `mirrors`.

The archive answers a path for each URI (`path_lookup`, a plain GET); astroquery's `mast.utils.mast_relative_path`
turns such a path into the key in the bucket, and so do we. Many URIs go into one question, and what was answered is
kept as long as the process lives. The embedded archive of the demo says itself whether, and where, it serves a copy.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.host import ArchiveHost, CloudHost, parse_host
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, TryAgain
from mast_tui.transfer.web import BROKEN, Line

#: What the bucket holds: `CloudAccess.supported_missions` of astroquery 0.4.11.
_SUPPORTED = ("mast:hst/product", "mast:tess/product", "mast:kepler", "mast:galex", "mast:ps1", "mast:jwst/product")
#: URIs in one question: they are part of its address, which servers limit to some 8 kB.
_AT_ONCE = 40
_LOOKUP_S = 10.0
#: After a lookup that failed the archive is not asked for paths for so long.
_REST_S = 300.0
_LARGEST_ANSWER = 1 << 20

#: The URIs that are likely to be wanted next from an archive.
Coming = Callable[[ArchiveHost], Iterable[str]]


def may_be_there(uri: str) -> bool:
    """Is it of a mission that the cloud copy has? For others nothing is asked."""
    return uri.lower().startswith(_SUPPORTED)


def key_of(path: object) -> str | None:
    """The key in the bucket for a path of `path_lookup`; None where there is none, or where it can't be used."""
    if not isinstance(path, str) or not path.isprintable() or not 0 < len(path) < 1024:
        return None
    if "galex" in path:
        key = path.removeprefix("/mast")
    elif "/ps1/" in path:
        key = path.replace("/ps1/", "panstarrs/ps1/public/", 1)
    elif "hlsp" in path:
        key = path.replace("/hlsp_local/public/", "mast/", 1)
    else:
        key = path
    key = key.lstrip("/")
    return None if not key or {".", ".."} & set(key.split("/")) else key


class CloudKeys:
    """Safe to use from many threads. `coming` tells what is looked up together with what is wanted now."""

    def __init__(self, coming: Coming = lambda host: ()) -> None:
        self._coming = coming
        self._guard = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._keys: dict[tuple[str, str], str | None] = {}
        self._clouds: dict[str, CloudHost | None] = {}
        self._resting: dict[str, float] = {}

    def cloud_of(self, host: ArchiveHost, line: Line) -> CloudHost | None:
        """The cloud copy of an archive: MAST's, or the one that the embedded archive serves on this machine."""
        if host.is_mast:
            return CloudHost()
        if not host.base.startswith("http://"):  # another archive over https: we know of no copy of it
            return None
        with self._lock_of(host):
            if host.base not in self._clouds:
                self._clouds[host.base] = _simulated_cloud(host, line)
            return self._clouds[host.base]

    def key(self, host: ArchiveHost, uri: str, line: Line, stop: threading.Event, *, wait: bool) -> str | None:
        """Where `uri` is in the cloud copy; None where it is not, or where that can't be found out now.

        Without `wait` nobody stands behind a question that another worker is asking: None then, too.
        """
        if not may_be_there(uri):
            return None
        asking = self._lock_of(host)
        if (host.base, uri) not in self._keys and asking.acquire(blocking=wait):
            try:
                if (host.base, uri) not in self._keys and self._resting.get(host.base, 0.0) < time.monotonic():
                    self._look_up(host, uri, line, stop)
            finally:
                asking.release()
        return self._keys.get((host.base, uri))

    def _lock_of(self, host: ArchiveHost) -> threading.Lock:
        with self._guard:
            return self._asking.setdefault(host.base, threading.Lock())

    def _look_up(self, host: ArchiveHost, uri: str, line: Line, stop: threading.Event) -> None:
        others = (
            u for u in self._coming(host) if u != uri and may_be_there(u) and (host.base, u) not in self._keys
        )  # fmt: skip
        chunk = list(dict.fromkeys((uri, *itertools.islice(others, _AT_ONCE - 1))))
        found = _answer(host, host.path_lookup_url(chunk), line)
        if found is None:
            if not stop.is_set():  # else it is us who cut the line
                self._resting[host.base] = time.monotonic() + _REST_S
            return
        for each in chunk:
            said = found.get(each)
            self._keys[host.base, each] = key_of(said.get("path")) if isinstance(said, dict) else None


def _answer(host: ArchiveHost, url: str, line: Line) -> dict[str, Any] | None:
    """The JSON object at an address of the archive; None for anything else. Nothing is said of who asks."""
    try:
        answer = line.get(host, url, {"Accept": "application/json, text/plain"}, None, _LOOKUP_S)
        try:
            if answer.status != 200:
                return None
            found = json.loads(answer.body.read(_LARGEST_ANSWER, decode_content=False))
        finally:
            answer.close()
    except (TryAgain, GiveUp, NeedsLogin, RecursionError, *BROKEN):
        return None
    return found if isinstance(found, dict) else None


def _simulated_cloud(host: ArchiveHost, line: Line) -> CloudHost | None:
    said = (_answer(host, f"{host.base}/demo/cloud", line) or {}).get("cloud")
    try:
        base = parse_host(str(said)).base if said else ""
    except InvalidQuery:
        return None
    return CloudHost(base) if base.startswith("http://") else None  # which parse_host allows on this machine only
