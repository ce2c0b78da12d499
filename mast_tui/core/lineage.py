"""Where a file comes from and what was made of it, as a tree of nouns: proposal, observation, exposures, products.

Built by `provenance.tree`, shown by the command line and a screen. The lines of the tree are made here, so that both
show the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mast_tui.core.fetch import FetchItem
from mast_tui.core.text import clean, human_bytes

NodeKind = Literal["proposal", "observation", "exposure", "file", "others"]


@dataclass(frozen=True)
class Node:
    """A line of the tree. `words` say what it is ('calibrated', 'combined from 2 exposures: …'); all texts are clean.

    For files: `level` is CAOM's calibration level, `version` what the header says of pipeline and reference data,
    `listed_version` what the archive's list says, `size` bytes, `path` where the file is on this machine ('' nowhere).
    `known` is False for a file or exposure that is only named: by an association, or by the rules of file names.
    """

    kind: NodeKind
    name: str
    words: str = ""
    uri: str = ""
    level: int | None = None
    product_type: str = ""
    version: str = ""
    listed_version: str = ""
    size: int | None = None
    path: str = ""
    known: bool = True
    asked: bool = False
    children: tuple[Node, ...] = ()

    def to_json(self) -> dict[str, Any]:
        made = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return made | {"children": [child.to_json() for child in self.children]}

    def walk(self) -> Iterator[Node]:
        """The node and all below it, as their lines stand below each other."""
        yield self
        for child in self.children:
            yield from child.walk()

    def about(self) -> str:
        """Everything but the name in one line, the most wanted first."""
        parts = [self.words]
        if self.kind == "file":
            if self.level is not None:
                parts[0] = f"{self.words} (level {self.level})".strip()
            parts.append("here" if self.path else "" if self.known else "not listed, not here")
            parts.append(self.version or (f"listed as {self.listed_version}" if self.listed_version else ""))
            parts.append(human_bytes(self.size) if self.size is not None else "")
        elif not self.known:
            parts.append("not listed, not here")
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Lineage:
    """The tree of what was asked for. `notes` are whole sentences: what is not known, and what is mixed.

    `items` has what to fetch for the files that the archive's list names, by URI.
    """

    about: str
    roots: tuple[Node, ...]
    notes: tuple[str, ...] = ()
    items: Mapping[str, FetchItem] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "notes": list(self.notes),
            "tree": [root.to_json() for root in self.roots],
        }

    def noting(self, *notes: str) -> Lineage:
        """With these sentences before those that it has."""
        return replace(self, notes=tuple(dict.fromkeys((*notes, *self.notes))))

    def nodes(self) -> Iterator[Node]:
        """All nodes, as the lines of the tree stand below each other."""
        for root in self.roots:
            yield from root.walk()


@dataclass(frozen=True)
class TreeLine:
    """A node and the branches drawn before it."""

    branches: str
    node: Node


_LINES = {False: ("│  ", "├─ ", "└─ "), True: ("|  ", "|- ", "`- ")}


def tree_lines(lineage: Lineage, *, ascii_only: bool = False) -> list[TreeLine]:
    """The tree from top to bottom."""
    through, branch, last_branch = _LINES[ascii_only]
    found: list[TreeLine] = []

    def add(node: Node, before: str, last: bool, top: bool) -> None:
        own = "" if top else last_branch if last else branch
        found.append(TreeLine(before + own, node))
        below = "" if top else before + ("   " if last else through)
        for child in node.children:
            add(child, below, child is node.children[-1], False)

    for root in lineage.roots:
        add(root, "", True, True)
    return found


def title(node: Node) -> str:
    """The node's name, with the sign of what was asked for."""
    return clean(node.name, 300) + (" *" if node.asked else "")
