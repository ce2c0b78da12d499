"""From the files that are known to the tree they stand in: proposal, observation, exposures, products.

No network, no disk: files and associations come in, a `Lineage` goes out. What belongs together and what is made from
what is read from the names (`names`); which exposures a product combines from associations (`association`).

Under an exposure its products hang one below the other, each below the one it was made from. A product of several
exposures stands beside them and names them, because a tree has no second parent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mast_tui.core.lineage import Lineage, Node
from mast_tui.core.text import clean
from mast_tui.provenance.association import Association, Member
from mast_tui.provenance.names import (
    CALIBRATED,
    COMBINED,
    CONTRIBUTED,
    HIGH_LEVEL,
    RAW,
    STAGES,
    SUPPORT,
    Named,
    read_name,
)

#: So many members are named in the line of a product.
_MEMBERS_NAMED = 4
#: CAOM's levels: raw and uncalibrated, calibrated, science product, contributed.
_STAGE_OF_LEVEL: dict[int | None, str] = {0: RAW, 1: RAW, 2: CALIBRATED, 3: COMBINED, 4: HIGH_LEVEL}
#: Missions that observe for proposals; of the others no proposal is missed.
_BY_PROPOSAL = frozenset(("HST", "JWST"))


@dataclass(frozen=True)
class KnownFile:
    """A file that the archive lists or that is on this machine. `path` is '' where it is not here.

    `version` is what its header says; `listed_version` what the archive's list says. `proposal` without leading zeros.
    """

    name: str
    uri: str = ""
    level: int | None = None
    product_type: str = ""
    proposal: str = ""
    version: str = ""
    listed_version: str = ""
    size: int | None = None
    path: str = ""
    known: bool = True


@dataclass(frozen=True)
class _File:
    """A file and what its name says."""

    file: KnownFile
    named: Named


def tree_of(
    files: Iterable[KnownFile],
    associations: Sequence[Association] = (),
    *,
    about: str,
    asked: str = "",
    everything: bool = False,
) -> Lineage:
    """The tree of these files. `asked` is the name of the file it is about, '' for an observation.

    Previews, logs and other files that only go with the data are counted, or with `everything` listed. Where the raw
    data of the file asked for are not among the files, the name that they have by the mission's rules is shown.
    """
    known = _merged(files)
    if asked:
        known = _with_ancestors(known, asked)
    # Webb's stage 2 has associations of an exposure with itself (and its background): these combine nothing
    members = {a.root: a for a in associations if all(member.root != a.root for member in a.members)}
    groups: dict[str, list[_File]] = {}
    for one in known.values():
        groups.setdefault(one.named.root or one.file.name.lower(), []).append(one)
    for association in associations:
        for member in association.members:
            groups.setdefault(member.root, [])
    roles = {member.root: member for association in associations for member in association.members}
    home = _homes(groups, associations)
    proposals = _proposals(groups, home)
    above: dict[tuple[str, str, str], list[Node]] = {}
    loose: dict[tuple[str, str, str], list[_File]] = {}
    for root in sorted(groups, key=lambda root: _order(groups[root], root)):
        place = _place(groups[root], home[root], proposals)
        nodes = above.setdefault(place, [])
        if groups[root] and all(one.named.stage == SUPPORT for one in groups[root]) and root not in members:
            loose.setdefault(place, []).extend(groups[root])
        else:
            nodes += _group(root, groups[root], members.get(root), roles.get(root), asked, everything)
    for place, files_with in loose.items():
        above[place] += _support(files_with, asked, everything)
    roots = _roots(above)
    notes = _notes(known.values(), members, groups)
    return Lineage(clean(about, 300), roots, notes)


# --- files and groups -------------------------------------------------------------------------------------------------


def _merged(files: Iterable[KnownFile]) -> dict[str, _File]:
    """Every name once: what the list says and what is here, together."""
    found: dict[str, _File] = {}
    for file in files:
        before = found.get(file.name)
        if before is not None:
            old = before.file
            file = KnownFile(
                old.name,
                old.uri or file.uri,
                old.level if old.level is not None else file.level,
                old.product_type or file.product_type,
                old.proposal or file.proposal,
                old.version or file.version,
                old.listed_version or file.listed_version,
                old.size if old.size is not None else file.size,
                old.path or file.path,
            )
        found[file.name] = _File(file, _staged(read_name(file.name), file))
    return found


def _staged(named: Named, file: KnownFile) -> Named:
    """Science of a kind that the recipes don't know has the stage of the archive's calibration level."""
    if named.stage == SUPPORT and file.product_type == "SCIENCE" and file.level in _STAGE_OF_LEVEL:
        return replace(named, stage=_STAGE_OF_LEVEL[file.level])
    return named


def _with_ancestors(known: dict[str, _File], asked: str) -> dict[str, _File]:
    """The files, and those the one asked for was made from by the rules of names, where none of them is known."""
    made = dict(known)
    named, seen = read_name(asked), {asked}
    while named.made_from and not named.combined:
        options = [named.sibling(suffix) for suffix in named.made_from]
        here = [name for name in options if name in made]
        name = here[0] if here else options[0]
        if name in seen:
            break
        seen.add(name)
        named = read_name(name)
        if not here:
            made[name] = _File(KnownFile(name, known=False), named)
    return made


def _homes(groups: Mapping[str, list[_File]], associations: Sequence[Association]) -> dict[str, tuple[str, str]]:
    """Mission and observation of every group; a bare member has those of a file of its name, or of its product."""
    home = {}
    for root, files in groups.items():
        named = files[0].named if files else read_name(f"{root}_raw.fits")
        if not named.mission:
            named = read_name(f"{root}_uncal.fits") if not files else named
        home[root] = (named.mission, named.above)
    # a contributed product stands beside the mission's own of the same star and sector
    owners = {words: mission for mission, words in home.values() if mission != CONTRIBUTED and words}
    home = {root: (owners.get(words, mission), words) for root, (mission, words) in home.items()}
    for association in associations:
        for member in association.members:
            if home[member.root] == ("", "") and association.root in home:
                home[member.root] = home[association.root]
    return home


def _place(
    files: Sequence[_File], home: tuple[str, str], proposals: Mapping[tuple[str, str], str]
) -> tuple[str, str, str]:
    """Mission, proposal and observation. A file whose name says nothing stands by the proposal it is listed with."""
    mission, words = home
    if mission or not files or not files[0].file.proposal:
        return mission, proposals.get(home, ""), words
    proposal = _plain(files[0].file.proposal)
    return next((other for (other, _), p in proposals.items() if p == proposal and other), ""), proposal, words


def _plain(proposal: str) -> str:
    """A proposal's number without leading zeros."""
    return clean(proposal.lstrip("0") or proposal, 60)


def _proposals(groups: Mapping[str, list[_File]], home: Mapping[str, tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The proposal of each observation: as the header, the list or the names of its files say."""
    found: dict[tuple[str, str], str] = {}
    for root, files in groups.items():
        for one in files:
            proposal = one.file.proposal or one.named.proposal
            if proposal:
                found.setdefault(home[root], _plain(proposal))
    return found


def _order(files: Sequence[_File], root: str) -> tuple[int, int, str]:
    """Exposures before what combines them, that before high-level products, and last what only goes with them."""
    stages = [STAGES.index(one.named.stage) for one in files if one.named.stage != SUPPORT]
    combined = any(one.named.combined for one in files)
    return (int(combined) if stages or not files else 2, min(stages, default=0), root)


def _group(
    root: str,
    files: Sequence[_File],
    association: Association | None,
    member: Member | None,
    asked: str,
    everything: bool,
) -> list[Node]:
    """The node of an exposure or of a product's root with its files; a file alone is a node by itself."""
    nodes = [*_chains([one for one in files if one.named.stage != SUPPORT], asked), *_support(files, asked, everything)]
    role = f", {member.role}" if member is not None and member.role else ""
    if association is not None:
        return [Node("exposure", clean(root, 200), _combines(association) + role, children=tuple(nodes))]
    if any(one.named.combined for one in files):
        return nodes if len(nodes) == 1 else [Node("exposure", clean(root, 200), "", children=tuple(nodes))]
    if not files:
        return [Node("exposure", clean(root, 200), f"exposure{role}", known=False)]
    if len(files) == 1 and member is None:
        return nodes
    words = f"exposure{role}" if files[0].named.mission in _BY_PROPOSAL else ""
    return [Node("exposure", clean(root, 200), words, children=tuple(nodes))]


def _combines(association: Association) -> str:
    names = [member.root for member in association.members]
    shown = ", ".join(clean(name, 80) for name in names[:_MEMBERS_NAMED])
    more = f" and {len(names) - _MEMBERS_NAMED:,} more" if len(names) > _MEMBERS_NAMED else ""
    many = "exposure" if len(names) == 1 else "exposures"
    return f"combines {len(names):,} {many}: {shown}{more}"


def _chains(files: Sequence[_File], asked: str) -> list[Node]:
    """The files of one root, each below the one it was made from."""
    by_suffix = {one.named.suffix: one for one in files}
    below: dict[str, list[_File]] = {}
    tops = []
    for one in sorted(files, key=lambda one: (STAGES.index(one.named.stage), one.file.name)):
        parent = next((s for s in one.named.made_from if s in by_suffix and s != one.named.suffix), None)
        if parent is None:
            tops.append(one)
        else:
            below.setdefault(by_suffix[parent].file.name, []).append(one)

    def node(one: _File) -> Node:
        return replace(_file_node(one, asked), children=tuple(map(node, below.get(one.file.name, ()))))

    return [node(one) for one in tops]


def _support(files: Sequence[_File], asked: str, everything: bool) -> list[Node]:
    """Association files, and of the other files that go with the data how many there are of which kind."""
    with_it = sorted((one for one in files if one.named.stage == SUPPORT), key=lambda one: one.file.name)
    shown = [one for one in with_it if everything or one.named.suffix == "asn" or one.file.name == asked]
    nodes = [_file_node(one, asked) for one in shown]
    rest = Counter(one.file.product_type.lower() or "other" for one in with_it if one not in shown)
    if rest:
        kinds = ", ".join(f"{n:,} {clean(kind, 20)}" for kind, n in sorted(rest.items()))
        nodes.append(Node("others", f"{sum(rest.values()):,} more", kinds))
    return nodes


def _file_node(one: _File, asked: str) -> Node:
    file, named = one.file, one.named
    words = {"asn": "association"}.get(named.suffix, "") if named.stage == SUPPORT else named.stage
    return Node(
        "file",
        clean(file.name, 200),
        words or clean(file.product_type.lower(), 20),
        clean(file.uri, 400),
        file.level,
        clean(file.product_type, 20),
        clean(file.version, 80),
        clean(file.listed_version, 60),
        file.size,
        file.path,
        file.known,
        bool(asked) and file.name == asked,
    )


# --- above the groups -------------------------------------------------------------------------------------------------


def _roots(above: Mapping[tuple[str, str, str], list[Node]]) -> tuple[Node, ...]:
    tops: dict[tuple[str, str], list[Node]] = {}
    for (mission, proposal, words), nodes in sorted(above.items(), key=lambda item: _natural(item[0])):
        inner = [Node("observation", words, children=tuple(nodes))] if words else nodes
        tops.setdefault((mission, proposal), []).extend(inner)
    roots = []
    for (mission, proposal), nodes in tops.items():
        if proposal:
            roots.append(Node("proposal", f"{mission} proposal {proposal}".strip(), children=tuple(nodes)))
        elif mission in _BY_PROPOSAL:
            roots.append(Node("proposal", f"{mission} proposal", "its number is not known", children=tuple(nodes)))
        else:
            roots.extend(nodes)
    return tuple(roots)


def _natural(words: tuple[str, ...]) -> list[list[tuple[int, int, str]]]:
    """Sector 2 before sector 10."""
    return [
        [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", word) if part]
        for word in words
    ]


def _notes(known: Iterable[_File], members: Mapping[str, Association], groups: Mapping[str, object]) -> tuple[str, ...]:
    """What is not known, in sentences."""
    notes = []
    open_roots = [
        one.named.root
        for one in known
        if one.named.stage == COMBINED
        and one.named.mission in _BY_PROPOSAL
        and one.named.combined
        and one.named.root not in members
    ]
    for root in dict.fromkeys(open_roots):
        notes.append(f"Which exposures {clean(root, 80)} combines is not known: no association of it could be read.")
    strangers = [one.file.name for one in known if not one.named.mission]
    if strangers:
        notes.append(
            f"The name of {clean(strangers[0], 80)}"
            + (f" and of {len(strangers) - 1:,} more" if len(strangers) > 1 else "")
            + " says nothing of where it stands."
        )
    return tuple(notes)
