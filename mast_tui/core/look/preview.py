"""What was found in one file: its items, what is wrong with it, and what its headers say of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mast_tui.core.look.common import Json
from mast_tui.core.look.images import ImageLook
from mast_tui.core.look.items import HeaderLook, PictureLook, TableLook, TextLook
from mast_tui.core.look.series import Series

Kind: TypeAlias = Literal[
    "lightcurve",
    "spectrum",
    "image",
    "cube",
    "pixels",
    "table",
    "header",
    "picture",
    "text",
    "unreadable",
]
Look: TypeAlias = Series | ImageLook | TableLook | TextLook | PictureLook | HeaderLook


@dataclass(frozen=True)
class Fact:
    """One line of the data-quality summary: a name or header keyword, its value, what it means."""

    name: str
    value: str
    meaning: str = ""


@dataclass(frozen=True)
class Moved:
    """What a look at a remote file cost: `n_bytes` came of the file's `of_bytes` (None where nobody said).

    `how`: in words, why more came than the look needed (a server that sends no parts of files), '' where not.
    """

    n_bytes: int
    of_bytes: int | None
    how: str = ""


@dataclass(frozen=True)
class Preview:
    """What was found in one file. `items[0]` is what the screen shows first; `problems` are whole sentences.

    `header` is there for every FITS file whose headers could be read, also when `items` hold something to draw.
    `facts` are what the headers say of the data's quality and making, for the summary; `moved` is set where the file
    was looked at in the archive.
    """

    file: str
    kind: Kind
    instrument: str | None
    target: str | None
    items: tuple[Look, ...]
    problems: tuple[str, ...] = ()
    header: HeaderLook | None = None
    n_bytes: int = 0
    facts: tuple[Fact, ...] = ()
    moved: Moved | None = None

    @property
    def series(self) -> tuple[Series, ...]:
        return tuple(item for item in self.items if isinstance(item, Series))

    def to_json(self) -> Json:
        """The object that `mast-tui preview --format json` prints; numbers that are not finite are null."""
        return {
            "file": self.file,
            "kind": self.kind,
            "instrument": self.instrument,
            "target": self.target,
            "items": [item.to_json() for item in self.items],
            "problems": list(self.problems),
        }


def same_place(one: Look, other: Look) -> bool:
    """Whether both are of one kind and from the same HDU and row: the same item, read at different times."""
    rows = [look.row if isinstance(look, Series) else None for look in (one, other)]
    return (one.kind, one.hdu, rows[0]) == (other.kind, other.hdu, rows[1])
