"""The one gate for strings from outside: server answers, file headers, file names, exception texts.

Terminal escapes in a target name can write the clipboard, move the cursor or set the window title, and no widget
library stops them; bidirectional and zero-width marks make a name read as another. Every such string passes
`clean` before it reaches a widget, a log, a notification, a file name or an export that is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BAD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_STACKED = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")

#: Longest component of a path that we write, in bytes; file systems allow 255; `.part.json`, `~HASH6` are added.
MAX_COMPONENT_BYTES = 200


def clean(value: object, limit: int = 2000) -> str:
    """`value` as text that is safe to show: no control byte, no direction or zero-width mark, at most `limit` signs."""
    s = str(value)
    if len(s) > limit:
        s = s[: limit - 1] + "…"
    if s.isascii() and s.isprintable():
        return s
    s = s.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    s = _BAD.sub(_visible, s)
    return _STACKED.sub(r"\1", s)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd"


def path_component(value: object) -> str:
    """One safe component of a local path made of a name from outside, or ValueError saying what is wrong with it.

    Slashes of either kind cut the name down to its last part; nothing hidden, no option look-alike, no control sign.
    """
    name = unicodedata.normalize("NFC", str(value)).replace("\\", "/").rsplit("/", 1)[-1]
    if name in ("", ".", ".."):
        raise ValueError("the name is empty or means a folder")
    if name[0] in ".-":
        raise ValueError("the name begins with a dot or a dash")
    if not name.isprintable() or clean(name) != name:
        raise ValueError("the name holds control or direction marks")
    if len(name.encode()) > MAX_COMPONENT_BYTES:
        raise ValueError(f"the name is longer than {MAX_COMPONENT_BYTES} bytes")
    return name


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` was probably meant to be, or None."""
    import difflib

    by_lower = {k.lower(): k for k in known}
    hits = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[hits[0]] if hits else None


def human_bytes(n: float) -> str:
    """`n` bytes in powers of ten, three figures: '2.04 MB'. Disk makers and networks count so; so does MAST."""
    if n < 1000:
        return f"{int(n)} B"
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        n /= 1000
        if n < 999.5 or unit == "PB":
            return f"{n:.3g} {unit}" if n < 99.95 else f"{n:.0f} {unit}"
    raise AssertionError("unreachable")


def human_duration(seconds: float) -> str:
    """A time a person can use: '8 s', '3 min 20 s', '2 h 5 min', '3 d 4 h'."""
    s = max(0, round(seconds))
    if s < 60:
        return f"{s} s"
    if s < 3600:
        return f"{s // 60} min {s % 60} s" if s % 60 else f"{s // 60} min"
    if s < 86400:
        return f"{s // 3600} h {s % 3600 // 60} min"
    return f"{s // 86400} d {s % 86400 // 3600} h"


def plural(n: int, one: str, many: str | None = None) -> str:
    """'1 file', '2,104 files'."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
