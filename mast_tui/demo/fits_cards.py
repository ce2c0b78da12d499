"""FITS header cards: 80-byte lines with a keyword, a value and a comment, and templates of many of them.

Split from `fits`, which hands on `cards`; see there for the standard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Value = str | int | float | bool | None
Card = tuple[str, Value, str]


def cards(text: str, **values: Value) -> list[Card]:
    """Cards from lines in FITS' own spelling, `KEY = value / comment`, one a line.

    `{name}` as the value stands for `values[name]`, a missing value is an undefined one, `COMMENT` and `HISTORY`
    need no equals sign, and any other line without one is a heading, as HST and JWST headers have.
    """
    return [(key, _filled(value, values), comment) for key, value, comment in _parsed(text)]


class _Text(str):
    """A text value of a template with `{name}` somewhere in it."""


class _Name(str):
    """The name of a value of any type, which stood alone in its braces."""


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[Card, ...]:
    """The cards of a template; a file of thousands is described with the same few, so each is read once."""
    found: list[Card] = []
    for line in text.strip("\n").splitlines():
        stripped = line.strip()
        if stripped.startswith(("COMMENT", "HISTORY")):
            found.append((stripped[:7], _slot(stripped[8:].strip()), ""))
        elif "=" not in stripped:
            found.append(("", stripped, ""))
        else:
            key, _, rest = stripped.partition("=")
            found.append((key.strip(), *_value_and_comment(rest.strip())))
    return tuple(found)


def _slot(text: str) -> str:
    return _Text(text) if "{" in text else text


def _filled(value: Value, values: Mapping[str, Value]) -> Value:
    if isinstance(value, _Name):
        return values[value]
    return value.format(**values) if isinstance(value, _Text) else value


def _value_and_comment(text: str) -> tuple[Value, str]:
    quoted = re.match(r"'((?:[^']|'')*)'\s*(?:/\s?(.*))?$", text)
    if quoted:
        return _slot(quoted[1].replace("''", "'")), quoted[2] or ""
    word, _, comment = text.partition("/")
    word, comment = word.strip(), comment.strip()
    if word.startswith("{"):
        return _Name(word.strip("{}")), comment
    if word in ("", "T", "F"):
        return (None if not word else word == "T"), comment
    return (int(word) if re.fullmatch(r"[+-]?\d+", word) else float(word)), comment


def format_card(card: Card) -> bytes:
    """One 80-byte card. Raises ValueError when the value does not fit."""
    key, value, comment = card
    if key in ("COMMENT", "HISTORY", ""):
        lead = key.ljust(8) + ("      " if str(value).startswith("/") else "")
        return (lead + str(value))[:80].ljust(80).encode("ascii")
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "T" if value else "F"
    elif isinstance(value, str):
        text = "'" + value.replace("'", "''").ljust(8) + "'"
    elif isinstance(value, int):
        text = str(value)
    else:
        text = repr(float(value)).upper()
    text = text.ljust(20) if isinstance(value, str) else text.rjust(20)
    line = f"{key:<8}= {text}"
    if len(line) > 80:
        raise ValueError(f"the value of {key} does not fit a card: {value!r}")
    return (f"{line} / {comment}" if comment else line)[:80].ljust(80).encode("ascii")
