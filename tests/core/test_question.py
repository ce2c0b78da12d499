"""What a person types becomes the question that is sent, or a sentence that says what is wrong with it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core import sky
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.query import Position, Query, parse_criteria, parse_criterion, query_for
from mast_tui.core.resolution import Resolution, disagree, largest_separation_arcsec
from mast_tui.core.target import exact_names, read_target


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("M8", "name", "M8"),
        ("pi Men", "name", "pi Men"),
        ("NGC 6121", "name", "NGC 6121"),
        ("HD 209458", "name", "HD 209458"),
        ("2MASS J17112318-2724315", "name", "2MASS J17112318-2724315"),
        ("TIC 261136679", "catalogue", "TIC 261136679"),
        ("tic261136679", "catalogue", "TIC 261136679"),
        ("KIC 008462852", "catalogue", "KIC 8462852"),
        ("EPIC 210634047", "catalogue", "EPIC 210634047"),
        ("kplr011904151", "catalogue", "KIC 11904151"),
        ("proposal 1979", "proposal", "1979"),
        ("GO-12557", "proposal", "12557"),
        ("1979", "proposal", "1979"),
        ("270.904 -24.387", "position", "270.904 -24.387"),
        ("18 03 37 -24 23 12", "position", "18 03 37 -24 23 12"),
        ("18h03m37.0s −24d23m12s", "position", "18h03m37.0s −24d23m12s"),
        ("jw02733-o002_t001_miri_f1130w", "observation", "jw02733-o002_t001_miri_f1130w"),
        ("tess2018206045859-s0001-0000000261136679-0120-s", "observation", None),
        ("lwp13058", "observation", "lwp13058"),
        ("lb4c10010", "observation", "lb4c10010"),
        ("hst_8143_stis_hd10700_e140m_o5cy", "observation", None),
        ("mast:TESS/product/x_lc.fits", "uri", "mast:TESS/product/x_lc.fits"),
        ("https://doi.org/10.17909/t9-r086-e880", "doi", "10.17909/t9-r086-e880"),
        ("M 101", "name", "M 101"),
        ("TRAPPIST-1", "name", "TRAPPIST-1"),
    ],
)
def test_the_box_says_how_it_reads(words: str, kind: str, value: str | None) -> None:
    target = read_target(words)
    assert target.kind == kind
    assert target.value == (value if value is not None else words)
    assert target.read_as


@pytest.mark.parametrize(
    "words", ["", "   ", "400 10", "10 95", "10 20 30 40", "25 00 00 +10 00 00", "10 61 00 -10 00 00"]
)
def test_what_names_no_point_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        read_target(words)
    assert refused.value.next_step


def test_hours_and_degrees_give_the_same_point() -> None:
    target = read_target("18 03 36.96 -24 23 13.2")
    assert target.ra_deg == pytest.approx(270.904, abs=1e-9) and target.dec_deg == pytest.approx(-24.387, abs=1e-9)


@given(st.floats(0, 359.9999), st.floats(-90, 90))
def test_a_position_is_written_as_it_can_be_read_again(ra: float, dec: float) -> None:
    words = sky.format_position(ra, dec).replace("°", "d").replace("′", "m").replace("″", "s")
    read = sky.parse_position(words)
    assert read is not None and sky.separation_arcsec(ra, dec, *read) < 0.2


@given(st.floats(0, 360), st.floats(-89.9, 89.9), st.floats(0, 5))
def test_separations_are_true_along_a_meridian(ra: float, dec: float, step: float) -> None:
    other = min(89.95, dec + step)
    assert sky.separation_arcsec(ra, dec, ra, other) == pytest.approx(abs(other - dec) * 3600, rel=1e-6, abs=1e-6)


def test_m8_disagrees_by_64_arcseconds_and_m101_does_not() -> None:
    m8 = [
        Resolution("M8", "SIMBAD", "M 8", 270.904, -24.387),
        Resolution("M8", "NED", "MESSIER 008", 270.92194, -24.38017),
    ]
    assert largest_separation_arcsec(m8) == pytest.approx(63.76, abs=0.05)
    assert disagree(m8, 0.02) and not disagree(m8, 1.0) and not disagree(m8[:1], 0.02)


@pytest.mark.parametrize(
    ("words", "degrees"),
    [("0.02", 0.02), ("0.02deg", 0.02), ("1.2 arcmin", 0.02), ("72arcsec", 0.02), ("72″", 0.02), ("1.2'", 0.02)],
)
def test_a_radius_has_a_unit(words: str, degrees: float) -> None:
    assert math.isclose(sky.parse_radius(words), degrees)


@pytest.mark.parametrize("words", ["", "-1", "0", "wide", "5 parsec", "90deg", "nan"])
def test_a_radius_without_sense_is_refused(words: str) -> None:
    with pytest.raises(InvalidQuery):
        sky.parse_radius(words)


def test_conditions_become_the_filters_that_are_sent() -> None:
    made = parse_criteria(["OBS_COLLECTION=hst,jwst", "target_name=Trappist*", "calib_level=2..4", "t_min=2018-07-25"])
    assert [c.to_filter() for c in made] == [
        {"paramName": "obs_collection", "values": ["HST", "JWST"], "separator": ";"},
        {"paramName": "target_name", "values": [], "freeText": "Trappist%"},
        {"paramName": "calib_level", "values": ["2", "3", "4"]},
        {"paramName": "t_min", "values": [{"min": 58324.0, "max": 58325.0}]},
    ]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("obs_colection=HST", "obs_collection"),
        ("instrumentname=COS", "instrument_name"),
        ("t_exptime=100", "range"),
        ("calib_level=two", "calib_level=2,3"),
        ("t_min=yesterday..", "LOW..HIGH"),
        ("em_min=900..100", "Swap"),
        ("filters=F*,G*", "twice"),
        ("nothing", "COLUMN=VALUE"),
        ("distance=0..3", ""),
    ],
)
def test_a_wrong_condition_names_what_would_be_right(word: str, hint: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        parse_criterion(word)
    assert hint in str(refused.value)


def test_a_column_asked_for_twice_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="twice"):
        parse_criteria(["calib_level=2", "calib_level=3"])


def test_years_months_and_open_ends() -> None:
    assert parse_criterion("t_min=2018").low == 58119.0 and parse_criterion("t_min=2018").high == 58484.0
    assert parse_criterion("t_min=2018-12").high == 58484.0
    assert parse_criterion("t_exptime=>100").low == 100.0
    assert parse_criterion("t_exptime=..100").high == 100.0


def test_a_question_is_the_same_after_it_was_saved() -> None:
    query = Query(
        "M8", Position(270.904, -24.387, 0.02, "M8", "SIMBAD"), parse_criteria(["t_min=2018..2019", "filters=F*"])
    )
    again = Query.from_json(json.loads(json.dumps(query.to_json())))
    assert again == query and again.params() == query.params() and again.service == "Mast.Caom.Filtered.Position"


def test_services_by_what_is_asked() -> None:
    cone = query_for(read_target("184.3 54.5"), 0.2)
    assert cone is not None and cone.service == "Mast.Caom.Cone"
    assert cone.params() == {"ra": 184.3, "dec": 54.5, "radius": 0.2}
    exact = query_for(read_target("TIC 261136679"), None)
    assert exact is not None and exact.criteria[0].values[0] == "261136679"
    assert query_for(read_target("TIC 261136679"), 0.02) is None and query_for(read_target("M8"), None) is None
    proposal = query_for(read_target("proposal 1979"), None)
    assert proposal is not None and proposal.criteria[0].values == ("1979", "01979")


def test_the_whole_archive_is_never_asked_for() -> None:
    with pytest.raises(InvalidQuery, match="whole archive"):
        Query().params()


def test_missions_file_a_catalogue_number_in_their_own_way() -> None:
    assert exact_names("KIC 8462852")[0] == "kplr008462852" and exact_names("EPIC 210634047")[0] == "ktwo210634047"
