"""What a paper owes for a record's data and software: BibTeX, and the acknowledgements in MAST's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.text import clean, plural
from mast_tui.provenance.dois import DOI_PAGE, STANDING_DOIS
from mast_tui.provenance.exports.had import files_had
from mast_tui.provenance.exports.missions import ATTRIBUTIONS_PAGE, BY_MISSION, GENERAL

_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._()/:-]+")
#: As astroquery's own CITATION file asks, with the first three authors.
_ASTROQUERY = """\
@article{astroquery:2019,
  author  = {{Ginsburg}, A. and {Sip{\\H o}cz}, B.~M. and {Brasseur}, C.~E. and others},
  title   = {{astroquery: An Astronomical Web-querying Package in Python}},
  journal = {The Astronomical Journal},
  year    = 2019,
  volume  = 157,
  eid     = {98},
  pages   = {98},
  doi     = {10.3847/1538-3881/aafc33},
}
"""


def bibtex(manifest: Manifest) -> str:
    """One entry a DOI, with the files it covers counted; why other files have none, as comments; the software."""
    files = files_had(manifest)
    parts = [f"% Data of session {clean(manifest.id, 60)}, fetched from {clean(manifest.archive, 100)}\n"]
    for doi, covered in _by_doi(files).items():
        parts.append(_entry(doi, len(covered), manifest.created[:10]))
    reasons: dict[str, int] = {}
    for file in files:
        if not _doi_of(file):
            reason = clean(file.doi_note, 300) or "the record names none"
            reasons[reason] = reasons.get(reason, 0) + 1
    parts += [f"% {plural(n, 'file')} without a DOI: {reason}\n" for reason, n in reasons.items()]
    if "astroquery" in manifest.versions:
        parts.append(_ASTROQUERY)
    return "\n".join(parts)


def acknowledgement(manifest: Manifest) -> str:
    """The texts for each mission with programmes filled in, the DOIs, the software; below each where it is from."""
    files = files_had(manifest)
    if manifest.simulated:
        return "These files are of the embedded archive: simulated and sample data. There is nothing to acknowledge.\n"
    parts = []
    missions = {file.collection or "" for file in files}
    for mission in sorted(missions & BY_MISSION.keys()):
        known = BY_MISSION[mission]
        programs = _programs(f for f in files if f.collection == mission)
        text = known.text.replace("PROGRAMS", programs or "____")
        if (text, known.source) not in parts:
            parts.append((text, known.source))
    others = sorted(missions - BY_MISSION.keys())
    if others:
        parts.append((GENERAL.text, GENERAL.source))
    made = [f"{text}\n[{source}]\n" for text, source in parts]
    projects = sorted({m[1].lower() for f in files if (m := re.match(r"mast:HLSP/([A-Za-z0-9][\w-]*)/", f.uri))})
    made += [
        f"Cite the authors of the collection {name} as its page asks.\n[https://archive.stsci.edu/hlsp/{name}]\n"
        for name in projects
    ]
    for doi in _by_doi(files):
        macro = f"\\dataset[doi:{doi}]{{https://doi.org/{doi}}}"
        made.append(
            f"The data described here may be obtained from the MAST archive at {macro}.\n[{ATTRIBUTIONS_PAGE}]\n"
        )
    without = sum(not _doi_of(file) for file in files)
    if without:
        made.append(f"{plural(without, 'file')} without a DOI that is known for certain: make one.\n[{DOI_PAGE}]\n")
    if "astroquery" in manifest.versions:
        made.append("This research made use of astroquery (Ginsburg et al. 2019, AJ, 157, 98).\n")
    return "\n".join(made)


def _programs(files: Iterable[FileRecord]) -> str:
    """'11598, 17515': leading zeros are the headers', not the programmes'."""
    numbers = {f.proposal_id.strip().lstrip("0") for f in files}
    found = sorted((n for n in numbers if re.fullmatch(r"[A-Za-z0-9-]+", n)), key=lambda n: (len(n), n))
    return ", ".join(found)


def _by_doi(files: Iterable[FileRecord]) -> dict[str, list[FileRecord]]:
    found: dict[str, list[FileRecord]] = {}
    for file in files:
        if doi := _doi_of(file):
            found.setdefault(doi, []).append(file)
    return found


def _doi_of(file: FileRecord) -> str:
    """The file's DOI if it is one: what a record holds is not trusted inside BibTeX's braces."""
    return file.doi if file.doi and _DOI.fullmatch(file.doi) else ""


def _entry(doi: str, files: int, day: str) -> str:
    title = next((known.title for known in STANDING_DOIS if known.doi == doi), "Data from the MAST archive")
    key = "mast:" + re.sub(r"[^A-Za-z0-9]+", "-", doi.partition("/")[2])
    when = f" fetched {day}" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""
    return (
        f"@misc{{{key},\n"
        f"  title     = {{{{{title}}}}},\n"
        f"  publisher = {{{{STScI/MAST}}}},\n"
        f"  doi       = {{{doi}}},\n"
        f"  url       = {{https://doi.org/{doi}}},\n"
        f"  note      = {{{plural(files, 'file')}{when}}},\n"
        "}\n"
    )
