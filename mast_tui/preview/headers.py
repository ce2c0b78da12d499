"""FITS headers without astropy: cards as they are written, and their values by keyword.

Recognition needs the headers only. Read here, they cost a microsecond a card, also in files that astropy refuses, and
later from the first bytes of a file that is not on this machine. Used by `guard` and everything that recognises.
The card format is that of the FITS standard 4.0, section 4; mangled cards are kept as text and never raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mast_tui.core.look import Card

Value = str | int | float | bool | None

CARD_BYTES = 80
BLOCK_BYTES = 2880

_STRING = re.compile(r"\s*'((?:[^']|'')*)'?\s*(?:/\s*(.*))?$")
_NO_VALUE = ("COMMENT", "HISTORY", "", "END")


@dataclass(frozen=True)
class Header:
    """The cards of one HDU. The first of several cards with one keyword counts."""

    cards: tuple[Card, ...]
    values: Mapping[str, Value]

    def get(self, keyword: str) -> Value:
        return self.values.get(keyword)

    def text(self, keyword: str) -> str:
        """The value as text without blanks around it; '' where it is missing or undefined."""
        value = self.values.get(keyword)
        return "" if value is None else str(value).strip()

    def number(self, keyword: str) -> float | None:
        """The value as a number, also where it was written as text; None where it is not one."""
        value = self.values.get(keyword)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return float(value)
        except ValueError:
            return None

    def integer(self, keyword: str) -> int | None:
        """The value where it is a whole number of type integer, else None."""
        value = self.values.get(keyword)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def name(self) -> str:
        return self.text("EXTNAME")


EMPTY = Header((), {})


def parse(block: bytes) -> Header:
    """The header in `block`: whole 80-byte cards up to END or the end of the bytes."""
    cards: list[Card] = []
    values: dict[str, Value] = {}
    continued = ""
    for card in _cards(block):
        keyword = card[:8].rstrip()
        if keyword == "CONTINUE" and continued:
            text, comment = _string(card[8:])
            joined = (str(values[continued]).removesuffix("&") + text).rstrip()
            values[continued] = joined
            cards[-1] = Card(continued, joined, (cards[-1].comment + " " + comment).strip())
            continue
        keyword, field = _split(card, keyword)
        if field is None:
            cards.append(Card(keyword, card[8:].rstrip(), ""))
            continued = ""
            continue
        value, comment = _value(field)
        shown = "" if value is None else ("T" if value else "F") if isinstance(value, bool) else str(value)
        cards.append(Card(keyword, shown, comment))
        values.setdefault(keyword, value)
        continued = keyword if isinstance(value, str) and value.endswith("&") else ""
    return Header(tuple(cards), values)


def _cards(block: bytes) -> Iterator[str]:
    text = block.decode("ascii", "replace").replace("\0", " ")
    for at in range(0, len(text) - CARD_BYTES + 1, CARD_BYTES):
        card = text[at : at + CARD_BYTES]
        if card[:8] == "END     ":
            return
        if not card.isspace():
            yield card


def _split(card: str, keyword: str) -> tuple[str, str | None]:
    """The keyword and its value field; None for comments and for cards without a value indicator."""
    if keyword == "HIERARCH" and "=" in card:
        name, _, field = card[8:].partition("=")
        return name.strip(), field
    if keyword in _NO_VALUE or card[8] != "=":
        return keyword, None
    return keyword, card[9:]


def _string(field: str) -> tuple[str, str]:
    match = _STRING.match(field)
    if match is None:
        return field.strip(), ""
    return match[1].replace("''", "'").rstrip(), (match[2] or "").strip()


def _value(field: str) -> tuple[Value, str]:
    if field.lstrip().startswith("'"):
        return _string(field)
    written, _, comment = field.partition("/")
    return _plain(written.strip()), comment.strip()


def _plain(written: str) -> Value:
    if written in ("T", "F"):
        return written == "T"
    if not written:
        return None
    try:
        return int(written)
    except ValueError:
        pass
    try:
        return float(written.replace("D", "E").replace("d", "e"))
    except ValueError:
        return written
