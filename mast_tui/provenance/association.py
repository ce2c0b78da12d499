"""Which exposures a product combines: read from association files and from headers.

- Hubble's `_asn.fits` has a table of MEMNAME (a root name), MEMTYPE (EXP-… for exposures, PROD-… for products, -TARG,
  -DTH, -CRn, -BCKn … for what they are there) and MEMPRSNT. Introduction to the HST Data Handbooks 8.0, section 5.4.
- Webb's `_asn.json` has products, each with members: `expname` (a file name) and `exptype` (science, background …).
  https://jwst-pipeline.readthedocs.io, "Associations".
- AstroDrizzle writes the inputs of a drizzled image into cards D001DATA, D002DATA … of the primary header
  (drizzlepac, `outputimage.OutputImage.addDrizKeywords`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.text import clean
from mast_tui.provenance.names import read_name

_DRIZZLED = re.compile(r"D\d{3}DATA")
_NONE = frozenset(("", "NONE", "N/A"))


@dataclass(frozen=True)
class Member:
    """An exposure's root name, and what it is in the association ('EXP-DTH', 'science', '')."""

    root: str
    role: str = ""


@dataclass(frozen=True)
class Association:
    """The root name of a product, what it combines, and where that was read."""

    root: str
    members: tuple[Member, ...]
    source: str


@dataclass(frozen=True)
class HeaderFacts:
    """What a file's cards say of its place in the tree. `file` is the name it was made under; '' where it says none."""

    file: str = ""
    proposal: str = ""
    association_file: str = ""
    association: Association | None = None


def read_association(text: str, name: str) -> tuple[Association, ...]:
    """The products of Webb's association file. UnreadableFile when it is not one."""
    try:
        products = json.loads(text)["products"]
        return tuple(
            Association(
                clean(product["name"], 200).lower(),
                tuple(Member(_root(str(m["expname"])), clean(m.get("exptype", ""), 40)) for m in product["members"]),
                clean(name, 200),
            )
            for product in products
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableFile(f"{clean(name, 200)} is not an association of Webb's", "It has no products") from None


def table_association(columns: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Association | None:
    """The association in Hubble's table, its cells as text; None for another table."""
    place = {column.upper(): i for i, column in enumerate(columns)}
    if "MEMNAME" not in place or "MEMTYPE" not in place:
        return None
    members = [
        Member(_root(row[place["MEMNAME"]]), clean(row[place["MEMTYPE"]].strip(), 40))
        for row in rows
        if len(row) > max(place.values())
    ]
    exposures = tuple(member for member in members if not member.role.upper().startswith("PROD"))
    return Association(read_name(name).root or _root(name.split("_")[0]), exposures, clean(name, 200))


def header_facts(cards: Mapping[str, str], name: str) -> HeaderFacts:
    """What the cards of the file `name` say; the first of several cards of one keyword counts."""
    file = _word(cards, "FILENAME") or name
    inputs = [value for keyword, value in cards.items() if _DRIZZLED.fullmatch(keyword)]
    # 'jbeveoabq_flt.fits[sci,1]', once for every chip
    members = tuple(Member(root) for root in dict.fromkeys(_root(value.partition("[")[0]) for value in inputs) if root)
    # of COS and others ROOTNAME is that of the first exposure; the product's own is in its file name
    root = read_name(file).root or _word(cards, "ASN_ID").lower()
    return HeaderFacts(
        file=clean(file, 200),
        proposal=(_word(cards, "PROPOSID") or _word(cards, "PROGRAM")).lstrip("0"),
        association_file=clean(_word(cards, "ASN_TAB") or _word(cards, "ASNTABLE"), 200),
        association=Association(root, members, "header (D001DATA …)") if members and root else None,
    )


def _word(cards: Mapping[str, str], keyword: str) -> str:
    value = cards.get(keyword, "").strip()
    return "" if value.upper() in _NONE else value


def _root(name: str) -> str:
    """The root name of a file name, or of a root name."""
    name = clean(name.strip().rsplit("/", 1)[-1], 200)
    return read_name(name).root or name.lower()
