"""Lines for the record: one for each session of fetching, and one for each of its files. For the sessions screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.text import clean, human_bytes
from mast_tui.tui.widgets.line_list import LineList, clip, shorten

_GOOD, _BAD, _ASKS = Style(color="green"), Style(color="red"), Style(color="yellow")
#: From this width the archive has a column of its own, and times their minutes.
_WIDE = 99


def total_bytes(manifest: Manifest) -> int:
    """Bytes of the files that are there, as they were when they were had."""
    return sum(f.size or 0 for f in manifest.files if f.state == "done")


def state_of(manifest: Manifest) -> tuple[str, str, Style]:
    """A sign and words for how far the session is and how sure its files are: '✓', '9 verified, 3 complete'."""
    states = Counter(f.state for f in manifest.files)
    if states["failed"]:
        return "!", f"{states['failed']:,} failed", _BAD
    if states["needs_login"]:
        return "?", f"{states['needs_login']:,} need login", _ASKS
    coming = len(manifest.files) - states["done"] - states["cancelled"]
    if coming:
        return "…", f"{coming:,} to come", Style()
    verdicts = Counter(f.verdict or "unverified" for f in manifest.files if f.state == "done")
    words = [f"{verdicts[v]:,} {v}" for v in ("verified", "complete", "unverified") if verdicts[v]]
    return ("✓", ", ".join(words), _GOOD) if words else ("×", "nothing was had", Style())


def place_of(manifest: Manifest) -> str:
    """The archive it came from; simulated data says that it is simulated."""
    return "simulated" if manifest.simulated else clean(manifest.archive.partition("://")[2] or manifest.archive, 40)


class SessionList(LineList[Manifest]):
    """When, what was asked, files, bytes, how sure, and from where."""

    def key_of(self, item: Manifest) -> Hashable:
        return item.id

    @staticmethod
    def heading(width: int) -> str:
        return _columns(width, "  when", "asked", "files", "bytes", "  state", "archive")

    def line_of(self, item: Manifest, width: int) -> Text:
        sign, words, style = state_of(item)
        when = clean(item.created, 20).replace("T", " ")[: 16 if width >= _WIDE else 10]
        asked = clean(item.asked, 200) or ", ".join(clean(d, 40) for d in item.datasets[:3]) or "files by their URIs"
        line = _columns(
            width,
            f"{sign} {when}",
            asked,
            f"{len(item.files):,}",
            human_bytes(total_bytes(item)),
            f"  {words}",
            place_of(item),
        )
        text = Text(line, no_wrap=True, end="")
        text.stylize(style, 0, 1)
        return text


def _columns(width: int, when: str, asked: str, files: str, size: str, state: str, place: str) -> str:
    wide = width >= _WIDE
    date, states, places = (18, 28, 22) if wide else (12, 16, 14)
    room = max(6, width - date - 1 - 7 - 9 - states - 1 - places)
    asked = clip(asked, room)
    return (
        f"{when:<{date}} {asked:<{room}}{files:>7}{size:>9}{clip(state, states):<{states}} "
        f"{clip(place, places):<{places}}"
    )


@dataclass(frozen=True)
class FileLine:
    """A file of the record, and what the last look at the disk found ('' when nobody has looked)."""

    record: FileRecord
    found: str = ""


#: What a look at a file can find, and how it is shown.
FOUND: Mapping[str, tuple[str, Style]] = {
    "right": ("✓", _GOOD),
    "missing": ("!", _BAD),
    "changed": ("!", _BAD),
    "truncated": ("!", _BAD),
    "unreadable": ("!", _BAD),
    "stranger": ("+", _ASKS),
}


class FileList(LineList[FileLine]):
    """Name, size, what we were sure of when it came, and what is there now."""

    def key_of(self, item: FileLine) -> Hashable:
        return item.record.uri, item.record.path

    def line_of(self, item: FileLine, width: int) -> Text:
        record = item.record
        words = record.verdict or record.state.replace("_", " ")
        if record.why and record.state != "done":
            words += f": {clean(record.why, 100)}"
        sign, style = FOUND.get(item.found, ("✓", _GOOD) if record.state == "done" else ("!", _BAD))
        if not item.found and record.state not in ("done", "failed"):
            sign, style = "…", Style()
        if item.found:
            words = f"{item.found} now ({words})"
        size = human_bytes(record.size) if record.size is not None else ""
        end = min(44, width // 2 - 8)
        room = max(8, width - 2 - 9 - 2 - end)
        path = clean(record.path, 300)
        line = Text(no_wrap=True, end="")
        line.append(sign, style).append(f" {shorten(path, room):<{room}}{size:>9}  ").append(words, style)
        line.truncate(width, overflow="ellipsis")
        return line
