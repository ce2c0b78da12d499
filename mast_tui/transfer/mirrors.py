"""Where a file can be had: from the archive, and from the public cloud copy of its files. Used by `download`.

Which one is asked first is the user's choice or, with "auto", what `speeds` has measured. The other one stands by: a
source that fails is avoided for a while, and a file that the cloud copy lacks, or has in another version, comes from
the archive. Only public files are asked of the cloud copy, and never with a token.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mast_tui.core.fetch import FetchItem, SourceChoice, SourceKind
from mast_tui.core.host import Server
from mast_tui.transfer.cloud_keys import CloudKeys, Coming, may_be_there
from mast_tui.transfer.fetched import Want
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, TryAgain
from mast_tui.transfer.part import Held
from mast_tui.transfer.speeds import Speeds
from mast_tui.transfer.web import Line

#: A part is given up for the other source when its own failed so often in a row without a byte.
_MOST_STUCK = 3
#: So many files in a row that the cloud copy did not have as it should: it is not asked for a while.
_MOST_LACKING = 5
#: Why a file came from the archive although the user wants the cloud copy.
_UNKNOWN = "the cloud copy is not known to have it; it came from the archive"
_NOT_GIVEN = "the cloud copy did not give it; it came from the archive"
_AVOIDED = "the cloud copy failed shortly before; it came from the archive"
_BEGUN = "a part of it was here, from the archive; so was the rest"
_MD5_TAG = re.compile(r'"([0-9a-f]{32})"')
#: Modified Julian Date of 1970-01-01, the Unix epoch.
_MJD_1970 = 40587.0

#: What ends an attempt at one source.
Failure = TryAgain | GiveUp | NeedsLogin


@dataclass(frozen=True)
class Source:
    """One place to ask for a file. `note` is for its record, should it come from here."""

    kind: SourceKind
    server: Server
    url: str
    note: str = ""


def choice_for(item: FetchItem, wished: SourceChoice) -> SourceChoice:
    """Where this file may come from: only what is known, or not known not to be, public is asked of the cloud copy."""
    public = item.rights.upper() in ("", "PUBLIC")
    now_mjd = datetime.now(UTC).timestamp() / 86400 + _MJD_1970
    released = item.release_mjd is None or not item.release_mjd > now_mjd
    return wished if public and released else "archive"


def stated_md5(headers: Mapping[str, str]) -> str:
    """The file's MD5 that S3 states as ETag (names in lower case); '' where its ETag is something else.

    It is the MD5 of the object unless that was uploaded in parts (the ETag then has a dash and their number) or
    encrypted with a key of KMS or of the customer's (AWS documentation, "Common Response Headers", ETag). The value of
    `x-amz-checksum-crc64nvme` is not used: nothing we depend on computes it.
    """
    if headers.get("x-amz-server-side-encryption", "AES256") != "AES256":
        return ""
    if "x-amz-server-side-encryption-customer-algorithm" in headers:
        return ""
    match = _MD5_TAG.fullmatch(headers.get("etag", "").strip())
    return match[1] if match else ""


class Mirrors:
    """Safe to use from many threads. `coming`: which files are likely to be wanted next from an archive."""

    def __init__(self, coming: Coming = lambda host: (), speeds: Speeds | None = None) -> None:
        self.speeds = speeds or Speeds()
        self._keys = CloudKeys(coming)
        self._guard = threading.Lock()
        self._lacking: set[tuple[str, str]] = set()
        self._stuck: Counter[tuple[str, str]] = Counter()
        self._lacking_in_a_row: Counter[str] = Counter()

    def sources(self, want: Want, held: Held | None, line: Line, stop: threading.Event) -> list[Source]:
        """Where to ask, in this order. A part that is `held` stays with the source that it came from."""
        archive = Source("archive", want.host, want.host.download_url(want.uri))
        if want.source == "archive":
            return [archive]
        cloud = self._cloud_source(want, held, line, stop)
        if cloud is None:
            return [replace(archive, note=_UNKNOWN) if want.source == "cloud" else archive]
        found = {"archive": archive, "cloud": cloud}
        order = self.speeds.order(want.host.base, ("archive", "cloud"), want.listed_size)
        first: SourceKind = order[0]
        if want.source == "cloud":
            avoided = self.speeds.avoided(want.host.base, "cloud")
            first = "archive" if avoided else "cloud"
            found["archive"] = replace(archive, note=_AVOIDED if avoided else _NOT_GIVEN)
        if held is not None:  # also when it failed lately: both do when the line is down, and the part is worth a try
            first = held.source
            if want.source == "cloud" and first == "archive":
                found["archive"] = replace(archive, note=_BEGUN)
        return [found[first], *(found[kind] for kind in order if kind != first)]

    def came(self, source: Source, want: Want) -> None:
        """The file came from there whole."""
        self.speeds.well(want.host.base, source.kind)
        with self._guard:
            self._stuck.pop((want.host.base, want.uri), None)
            if source.kind == "cloud":
                self._lacking_in_a_row[want.host.base] = 0

    def failed(self, source: Source, want: Want, error: Failure, *, brought: bool, held: bool) -> bool:
        """Note how a source failed; true when the next one is to be asked at once.

        `brought`: bytes came before it failed. `held`: there is a part from this source.
        """
        place = (want.host.base, want.uri)
        if not isinstance(error, TryAgain):
            if source.kind == "cloud":
                self.lacks(want)
            return source.kind == "cloud" or isinstance(error, GiveUp)
        if error.drop:  # the file is another one now: no fault of the source
            return False
        self.speeds.failed(want.host.base, source.kind, error.after_s)
        with self._guard:
            self._stuck[place] = 0 if brought else self._stuck[place] + 1
            return not brought and (not held or self._stuck[place] >= _MOST_STUCK)

    def lacks(self, want: Want) -> None:
        """The cloud copy does not have this file as it should be; it is not asked for it again."""
        base = want.host.base
        with self._guard:
            self._lacking.add((base, want.uri))
            self._lacking_in_a_row[base] += 1
            enough = self._lacking_in_a_row[base] >= _MOST_LACKING
        if enough:
            self.speeds.failed(base, "cloud")

    def _cloud_source(self, want: Want, held: Held | None, line: Line, stop: threading.Event) -> Source | None:
        if not may_be_there(want.uri) or (want.host.base, want.uri) in self._lacking:
            return None
        host = self._keys.cloud_of(want.host, line)
        if host is None:
            return None
        wait = want.source == "cloud" or (held is not None and held.source == "cloud")
        key = self._keys.key(want.host, want.uri, line, stop, wait=wait)
        return None if key is None else Source("cloud", host, host.file_url(key))
