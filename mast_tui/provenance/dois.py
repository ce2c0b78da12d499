"""The DOI of the collection a file belongs to, where one is known for certain; otherwise why there is none.

The archive's rows carry no DOI. MAST keeps standing DOIs for contributed products and for some mission products in
bulk; those whose source could be read are listed here, each with that source. A DOI is never guessed: a wrong one in a
paper is worse than none. For anything else the record says where a DOI is made or found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mast_tui.core.fetch import FetchItem

#: Where MAST's DOIs are made (up to some 10,000 observations each) and its standing ones are listed.
DOI_PAGE = "https://archive.stsci.edu/publishing/doi"


@dataclass(frozen=True)
class StandingDoi:
    """A DOI for a whole collection: the URI prefix and file names it covers, its title, and where that was read."""

    doi: str
    title: str
    source: str
    uri_prefix: str
    file_name: re.Pattern[str]


def _contributed(doi: str, title: str, project: str, source: str = "") -> StandingDoi:
    source = source or f"https://archive.stsci.edu/hlsp/{project}"
    return StandingDoi(doi, title, source, f"mast:HLSP/{project}/", re.compile(".*"))


def _mission(doi: str, title: str, collection: str, file_name: str, source: str) -> StandingDoi:
    return StandingDoi(doi, title, source, f"mast:{collection}/", re.compile(file_name))


STANDING_DOIS: tuple[StandingDoi, ...] = (
    _contributed("10.17909/t9-r086-e880", "QLP: light curves of TESS full frame images", "qlp", "arXiv:2011.06459"),
    _contributed("10.17909/t9-wpz1-8s54", "TESS-SPOC: light curves of TESS full frame images", "tess-spoc"),
    _contributed(
        "10.17909/j2yt-t417", "GSFC-ELEANOR-LITE: light curves of TESS full frame images", "gsfc-eleanor-lite"
    ),
    _contributed("10.17909/610m-9474", "TGLC: TESS-Gaia light curves", "tglc"),
    _contributed("10.17909/t9-es7m-vw14", "PATHOS: TESS light curves of cluster stars", "pathos"),
    _contributed("10.17909/t9-ayd0-k727", "CDIPS: TESS light curves of cluster and young stars", "cdips"),
    _contributed("10.17909/t9-ncv5-bb52", "ELEANOR: postcards of TESS full frame images", "eleanor"),
    _contributed("10.17909/T9501J", "EVEREST: K2 light curves", "everest"),
    _contributed("10.17909/z7p0-8481", "CEERS: The Cosmic Evolution Early Release Science Survey", "ceers"),
    _contributed("10.17909/8tdj-8n28", "JADES: JWST Advanced Deep Extragalactic Survey", "jades"),
    _mission(
        "10.17909/t9-nmc8-f686",
        "TESS Light Curves - All Sectors",
        "TESS",
        r"tess\d{13}-s\d{4}-\d{16}-\d{4}-[a-z]_lc\.fits",
        "DataCite record of the DOI",
    ),
    _mission(
        "10.17909/0cp4-2j79",
        "TESS calibrated full frame images, all sectors",
        "TESS",
        r"tess\d{13}-s\d{4}-\d-\d-\d{4}-[a-z]_ffic\.fits",
        "https://mast.stsci.edu/tesscut/",
    ),
    _mission(
        "10.17909/T9488N",
        "Kepler long-cadence data, all quarters",
        "Kepler",
        r"kplr\d{9}-\d{13}_llc\.fits",
        "Kamai & Perets 2025, AJ 169, 59",
    ),
    _mission(
        "10.17909/T9WS3R",
        "K2 Light Curves (all)",
        "K2",
        r"ktwo\d{9}-c\d{2,3}_llc\.fits",
        "DataCite record of the DOI",
    ),
)


def doi_for(item: FetchItem, *, from_mast: bool = True) -> FetchItem:
    """`item` with `doi` and `doi_note` filled: the standing DOI of its collection, or None and the reason.

    A DOI that is there already stays. Simulated data (their own description or URI say so) were never published: they
    have none, whatever real file they are named after. For what comes from another server than MAST none is claimed.
    """
    if item.doi:
        return item
    if "simulated" in f"{item.description} {item.uri}".lower():
        return replace(item, doi=None, doi_note="simulated data: there is nothing to cite")
    if not from_mast:
        return replace(item, doi=None, doi_note="it came from another server than MAST: no DOI is claimed for it")
    name = item.uri.rsplit("/", 1)[-1]
    for known in STANDING_DOIS:
        if item.uri.lower().startswith(known.uri_prefix.lower()) and known.file_name.fullmatch(name):
            return replace(item, doi=known.doi, doi_note=f"collection: {known.title} (source: {known.source})")
    project = re.match(r"mast:HLSP/([a-z0-9][a-z0-9-]{0,60})/", item.uri, re.I)
    if project:
        page = f"https://archive.stsci.edu/hlsp/{project[1].lower()}"
        return replace(item, doi=None, doi_note=f"not known here; the collection's own page names it: {page}")
    return replace(item, doi=None, doi_note=f"the archive's rows carry no DOI; one can be made at {DOI_PAGE}")
