"""A file's record names the DOI of its collection where one is known for certain, and else says why there is none."""

from __future__ import annotations

import re

import pytest

from mast_tui.core.fetch import FetchItem
from mast_tui.provenance import STANDING_DOIS, doi_for


def item(uri: str, **more: str) -> FetchItem:
    return FetchItem(uri, uri.rsplit("/", 1)[-1], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("uri", "doi"),
    [
        ("mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits", "10.17909/t9-nmc8-f686"),
        ("mast:TESS/product/tess2018206045859-s0001-1-1-0120-s_ffic.fits", "10.17909/0cp4-2j79"),
        ("mast:HLSP/qlp/s0001/hlsp_qlp_tess_ffi_s0001-0000000261136679_tess_v01_llc.fits", "10.17909/t9-r086-e880"),
        ("mast:HLSP/tess-spoc/s0014/hlsp_tess-spoc_tess_phot_x_tess_v1_lc.fits", "10.17909/t9-wpz1-8s54"),
        ("mast:Kepler/url/missions/kepler/lightcurves/0114/011446443/kplr011446443-2009131105131_llc.fits",
         "10.17909/T9488N"),
        ("mast:K2/url/missions/k2/lightcurves/c8/220400000/83000/ktwo220483093-c08_llc.fits", "10.17909/T9WS3R"),
    ],
)  # fmt: skip
def test_a_file_of_a_known_collection_gets_its_doi_and_where_that_was_read(uri: str, doi: str) -> None:
    found = doi_for(item(uri))
    assert found.doi == doi
    assert "source: " in found.doi_note


@pytest.mark.parametrize(
    "uri",
    [
        "mast:TESS/product/tess2020186164531-s0027-0000000261136679-0189-a_fast-lc.fits",
        "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_tp.fits",
        "mast:Kepler/url/missions/kepler/lightcurves/x/kplr011446443-2009131110544_slc.fits",
        "mast:HST/product/lbgu17qnq_x1d.fits",
        "mast:JWST/product/jw01366-o003_t001_nirspec_clear-prism_x1d.fits",
        "mast:IUE/url/pub/iue/data/lwp/13000/lwp13058.mxlo.gz",
    ],
)
def test_without_a_certain_doi_there_is_none_and_the_record_says_where_one_is_made(uri: str) -> None:
    found = doi_for(item(uri))
    assert found.doi is None
    assert "archive.stsci.edu/publishing/doi" in found.doi_note


def test_an_unknown_contributed_collection_points_to_its_own_page() -> None:
    assert doi_for(item("mast:HLSP/ullyses/av-1/x_spec.fits")).doi_note.endswith("/hlsp/ullyses")


def test_a_hostile_collection_name_is_not_repeated() -> None:
    found = doi_for(item("mast:HLSP/\x1b]52;c;QQ==\x07/x.fits"))
    assert found.doi is None
    assert "\x1b" not in found.doi_note


def test_simulated_data_are_never_given_a_real_doi() -> None:
    uri = "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"
    simulated = doi_for(item(uri, description="SIMULATED light curve"))
    assert simulated.doi is None and "simulated" in simulated.doi_note
    elsewhere = doi_for(item(uri), from_mast=False)
    assert elsewhere.doi is None and "another server" in elsewhere.doi_note


def test_a_doi_that_came_with_the_file_stays() -> None:
    assert doi_for(item("mast:HST/product/x.fits", doi="10.17909/abcd")).doi == "10.17909/abcd"


def test_every_doi_of_the_table_is_one_of_the_archive_and_has_a_source() -> None:
    assert len({known.doi for known in STANDING_DOIS}) == len(STANDING_DOIS)
    for known in STANDING_DOIS:
        assert re.fullmatch(r"10\.17909/[A-Za-z0-9-]+", known.doi)
        assert known.title
        assert known.source
