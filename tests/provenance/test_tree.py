"""From names, headers and associations to the tree a person would draw."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.lineage import Lineage, title, tree_lines
from mast_tui.provenance import (
    Association,
    KnownFile,
    Member,
    header_facts,
    read_association,
    read_name,
    table_association,
    tree_of,
)
from mast_tui.provenance.names import MISSIONS


def drawn(lineage: Lineage, *, ascii_only: bool = False) -> list[str]:
    return [line.branches + title(line.node) for line in tree_lines(lineage, ascii_only=ascii_only)]


def files(*names: str) -> list[KnownFile]:
    return [KnownFile(name, f"mast:X/{name}") for name in names]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mission", "root", "stage", "above", "proposal", "instrument"),
    [
        ("jbeveoabq_flt.fits", "HST", "jbeveoabq", "calibrated", "visit jbeveo", "", "ACS"),
        ("jbeveo010_drz.fits", "HST", "jbeveo010", "combined", "visit jbeveo", "", "ACS"),
        ("lf9g01wpq_corrtag_a.fits", "HST", "lf9g01wpq", "calibrated", "visit lf9g01", "", "COS"),
        ("o3zx02070_x1d.fits", "HST", "o3zx02070", "calibrated", "visit o3zx02", "", "STIS"),
        ("u24r0102t_d0f.fits", "HST", "u24r0102t", "raw", "visit u24r01", "", "WFPC2"),
        ("u24r0102t_c1f.fits", "HST", "u24r0102t", "calibrated", "visit u24r01", "", "WFPC2"),
        (
            *("hst_12062_eo_acs_wfc_f606w_jbeveo_drc.fits", "HST", "hst_12062_eo_acs_wfc_f606w_jbeveo", "combined"),
            *("visit jbeveo", "12062", "ACS"),
        ),
        (
            *("jw01243001001_01101_00003_nrca5_cal.fits", "JWST", "jw01243001001_01101_00003_nrca5", "calibrated"),
            *("observation 1", "1243", "NIRCam"),
        ),
        (
            *("jw02733-o002_t001_miri_f1130w_i2d.fits", "JWST", "jw02733-o002_t001_miri_f1130w", "combined"),
            *("observation 2", "2733", "MIRI"),
        ),
        (
            *("tess2018206045859-s0001-0000000261136679-0120-s_tp.fits", "TESS"),
            *("tess2018206045859-s0001-0000000261136679-0120-s", "calibrated", "TIC 261136679 · sector 1", "", ""),
        ),
        (
            *("tess2018206192942-s0001-1-4-0120-s_ffir.fits", "TESS", "tess2018206192942-s0001-1-4-0120-s", "raw"),
            *("sector 1 · camera 1 · CCD 4", "", ""),
        ),
        (
            *("kplr011904151-2009166043257_lpd-targ.fits.gz", "Kepler", "kplr011904151-2009166043257"),
            *("calibrated", "KIC 11904151", "", ""),
        ),
        (
            *("ktwo211117077-c04_llc.fits", "K2", "ktwo211117077-c04", "calibrated"),
            *("EPIC 211117077 · campaign 4", "", ""),
        ),
        (
            *("hlsp_qlp_tess_ffi_s0001-0000000261136679_tess_v01_llc.fits", "HLSP"),
            *("hlsp_qlp_tess_ffi_s0001-0000000261136679_tess_v01", "high-level", "TIC 261136679 · sector 1", "", ""),
        ),
        ("a_file_of_mine.fits", "", "", "support", "", "", ""),
        ("jbeveo010_drz.jpg", "HST", "jbeveo010", "support", "visit jbeveo", "", "ACS"),
    ],
)
def test_a_name_says_where_a_file_stands(
    name: str, mission: str, root: str, stage: str, above: str, proposal: str, instrument: str
) -> None:
    named = read_name(name)
    assert (named.mission, named.root, named.stage) == (mission, root, stage)
    assert (named.above, named.proposal, named.instrument) == (above, proposal, instrument)


def test_nothing_is_made_from_itself_however_far_one_goes_back() -> None:
    for names in MISSIONS:
        for steps in (names.steps, *({**names.steps, **other} for other in names.otherwise.values())):
            for suffix in steps:
                seen, left = {suffix}, list(steps[suffix].made_from)
                while left:
                    before = left.pop()
                    assert before != suffix, f"{names.mission}: {suffix} is made from itself"
                    assert before in steps, f"{names.mission}: {before} has no step"
                    if before not in seen:
                        seen.add(before)
                        left += steps[before].made_from


def test_hostile_and_endless_names_are_read_at_once() -> None:
    for name in ("hst_" + "a_" * 5000 + "x.fits", "jw" + "0" * 100_000, "\x1b]52;c;QQ==\x1b\\.fits", "", "..", "/"):
        assert read_name(name).stage == "support"


# --- the tree ---------------------------------------------------------------------------------------------------------


def test_an_association_of_two_exposures() -> None:
    association = Association("jbeveo010", (Member("jbeveoabq", "EXP-DTH"), Member("jbeveoadq", "EXP-DTH")), "asn")
    names = ("jbeveoabq_raw.fits", "jbeveoabq_flt.fits", "jbeveoadq_raw.fits", "jbeveo010_drz.fits")
    known = [*files(*names), KnownFile("jbeveo010_asn.fits", proposal="12062", product_type="INFO")]
    tree = tree_of(known, (association,), about="jbeveo010")
    assert drawn(tree) == [
        "HST proposal 12062",
        "└─ visit jbeveo",
        "   ├─ jbeveoabq",
        "   │  └─ jbeveoabq_raw.fits",
        "   │     └─ jbeveoabq_flt.fits",
        "   ├─ jbeveoadq",
        "   │  └─ jbeveoadq_raw.fits",
        "   └─ jbeveo010",
        "      ├─ jbeveo010_drz.fits",
        "      └─ jbeveo010_asn.fits",
    ]
    by_name = {node.name: node for node in tree.nodes()}
    assert by_name["jbeveo010"].words == "combines 2 exposures: jbeveoabq, jbeveoadq"
    assert by_name["jbeveoabq"].words == "exposure, EXP-DTH"
    assert tree.notes == ()


def test_a_member_that_is_neither_listed_nor_here_is_shown_as_that() -> None:
    association = Association("jbeveo010", (Member("jbeveoabq"), Member("jbeveoadq")), "asn")
    tree = tree_of(files("jbeveoabq_flt.fits", "jbeveo010_drz.fits"), (association,), about="x")
    missing = next(node for node in tree.nodes() if node.name == "jbeveoadq")
    assert not missing.known and missing.about() == "exposure · not listed, not here"


def test_of_one_file_the_names_of_what_it_was_made_from_are_shown() -> None:
    name = "jw01243001001_01101_00003_nrca5_cal.fits"
    tree = tree_of([KnownFile(name, path=f"/data/{name}", version="1.3.3")], about=name, asked=name)
    assert [(n.name.rpartition("_")[2], n.known, n.path != "") for n in tree.nodes() if n.kind == "file"] == [
        ("uncal.fits", False, False),
        ("rate.fits", False, False),
        ("cal.fits", True, True),
    ]
    assert drawn(tree)[0] == "JWST proposal 1243"
    # for the list of an observation nothing is added to what is listed
    assert [n.name for n in tree_of(files(name), about="x").nodes() if n.kind == "file"] == [name]


def test_the_chain_follows_the_instrument() -> None:
    cos = tree_of(files("lf9g01wpq_x1d.fits"), about="x", asked="lf9g01wpq_x1d.fits")
    acs = tree_of(files("jbeveoabq_flc.fits"), about="x", asked="jbeveoabq_flc.fits")
    assert [n.name for n in cos.nodes() if n.kind == "file"] == [
        f"lf9g01wpq_{suffix}.fits" for suffix in ("rawtag", "corrtag", "flt", "x1d")
    ]
    assert [n.name for n in acs.nodes() if n.kind == "file"] == ["jbeveoabq_raw.fits", "jbeveoabq_flc.fits"]


def test_which_exposures_are_combined_is_not_guessed() -> None:
    tree = tree_of(files("jbeveo010_drz.fits", "jbeveoabq_flt.fits"), about="x")
    assert tree.notes == ("Which exposures jbeveo010 combines is not known: no association of it could be read.",)


def test_pixels_curve_and_what_others_made_of_them_stand_together() -> None:
    root = "tess2018206045859-s0001-0000000261136679-0120-s"
    hlsp = "hlsp_qlp_tess_ffi_s0001-0000000261136679_tess_v01_llc.fits"
    tree = tree_of(files(f"{root}_tp.fits", f"{root}_lc.fits", hlsp), about="x")
    assert drawn(tree) == [
        "TIC 261136679 · sector 1",
        f"├─ {root}",
        f"│  └─ {root}_tp.fits",
        f"│     └─ {root}_lc.fits",
        f"└─ {hlsp}",
    ]
    assert drawn(tree, ascii_only=True)[3] == f"|     `- {root}_lc.fits"


def test_previews_and_logs_are_counted_and_listed_when_asked_for() -> None:
    known = [
        KnownFile("jbeveoabq_flt.fits", product_type="SCIENCE"),
        KnownFile("jbeveoabq_flt.jpg", product_type="PREVIEW"),
        KnownFile("jbeveoabq_trl.txt", product_type="INFO"),
    ]
    counted = [n for n in tree_of(known, about="x").nodes() if n.kind == "others"]
    assert [(n.name, n.words) for n in counted] == [("2 more", "1 info, 1 preview")]
    listed = {n.name for n in tree_of(known, about="x", everything=True).nodes()}
    assert {"jbeveoabq_flt.jpg", "jbeveoabq_trl.txt"} <= listed


def test_an_association_of_an_exposure_with_itself_combines_nothing() -> None:
    root = "jw02733002001_02101_00001_mirimage"
    sky = "jw02733003001_02101_00001_mirimage"
    association = Association(root, (Member(root, "science"), Member(sky, "background")), "asn")
    tree = tree_of(files(f"{root}_rate.fits", f"{root}_cal.fits"), (association,), about="x")
    words = {node.name: node.words for node in tree.nodes() if node.kind == "exposure"}
    assert words == {root: "exposure, science", sky: "exposure, background"}


def test_science_of_an_unknown_kind_stands_where_its_level_says() -> None:
    known = [
        KnownFile("jbeveoabq_raw.fits", level=1, product_type="SCIENCE"),
        KnownFile("jbeveoabq_new.fits", level=2, product_type="SCIENCE"),
        KnownFile("my_mosaic.fits", level=4, product_type="SCIENCE", proposal="012062"),
    ]
    words = {node.name: node.words for node in tree_of(known, about="x").nodes() if node.kind == "file"}
    assert words == {"jbeveoabq_raw.fits": "raw", "jbeveoabq_new.fits": "calibrated", "my_mosaic.fits": "high-level"}


def test_a_name_that_says_nothing_stands_by_the_proposal_it_is_listed_with() -> None:
    known = [
        KnownFile("jw02733002001_02101_00001_mirimage_cal.fits"),
        KnownFile("notes_a.txt", product_type="INFO", proposal="2733"),
        KnownFile("notes_b.txt", product_type="INFO", proposal="1979"),
    ]
    tree = tree_of(known, about="x")
    assert {(root.name, len(root.children)) for root in tree.roots} == {("JWST proposal 2733", 2), ("proposal 1979", 1)}
    assert tree.notes == ("The name of notes_a.txt and of 1 more says nothing of where it stands.",)


def test_the_list_and_the_file_that_is_here_are_one_line() -> None:
    listed = KnownFile("jbeveoabq_flt.fits", "mast:HST/product/jbeveoabq_flt.fits", 2, "SCIENCE", size=100)
    here = KnownFile("jbeveoabq_flt.fits", version="10.2.1", path="/data/jbeveoabq_flt.fits", proposal="12062")
    (node,) = [n for n in tree_of([listed, here], about="x").nodes() if n.kind == "file"]
    assert (node.uri, node.path, node.version, node.size) == (listed.uri, here.path, "10.2.1", 100)
    assert node.about() == "calibrated (level 2) · here · 10.2.1 · 100 B"


def test_sectors_are_in_the_order_of_their_numbers_and_the_tree_is_json() -> None:
    names = [f"tess2018206045859-s{n:04d}-0000000261136679-0120-s_lc.fits" for n in (10, 2, 1)]
    tree = tree_of(files(*names), about="x")
    assert [n.name for n in tree.nodes() if n.kind == "observation"] == [
        f"TIC 261136679 · sector {n}" for n in (1, 2, 10)
    ]
    data = json.loads(json.dumps(tree.to_json()))
    assert data["tree"][0]["children"][0]["name"] == names[2]


def test_a_thousand_exposures_are_a_tree_too() -> None:
    names: Iterable[str] = (
        f"jw02733002001_02101_{n:05d}_mirimage_{s}.fits" for n in range(1000) for s in ("uncal", "rate", "cal")
    )
    tree = tree_of(files(*names), about="x")
    assert sum(1 for _ in tree.nodes()) == 2 + 4 * 1000
    assert len(tree_lines(tree)) == 4002


# --- associations and headers -----------------------------------------------------------------------------------------


def test_webb_s_association_file() -> None:
    members = [
        {"expname": "jw02733002001_02101_00001_mirimage_cal.fits", "exptype": "science"},
        {"expname": "jw02733002001_02101_00002_mirimage_cal.fits", "exptype": "background"},
    ]
    text = json.dumps(
        {"asn_type": "image3", "products": [{"name": "jw02733-o002_t001_miri_f1130w", "members": members}]}
    )
    (association,) = read_association(text, "asn.json")
    assert association.root == "jw02733-o002_t001_miri_f1130w"
    assert association.members == (
        Member("jw02733002001_02101_00001_mirimage", "science"),
        Member("jw02733002001_02101_00002_mirimage", "background"),
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"products": 3}', '{"products": [{}]}', '{"products": [[]]}', "[" * 100_000]
)
def test_what_is_no_association_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"asn\.json is not an association"):
        read_association(text, "asn.json")


def test_hubble_s_table_of_members() -> None:
    rows = [("JBEVEOABQ     ", "EXP-DTH", "T"), ("JBEVEOADQ", "EXP-DTH", "T"), ("JBEVEO010", "PROD-DTH", "T")]
    association = table_association(("MEMNAME", "MEMTYPE", "MEMPRSNT"), rows, "jbeveo010_asn.fits")
    assert association is not None and association.root == "jbeveo010"
    assert association.members == (Member("jbeveoabq", "EXP-DTH"), Member("jbeveoadq", "EXP-DTH"))
    assert table_association(("WAVELENGTH", "FLUX"), [("1", "2")], "x.fits") is None


def test_a_drizzled_image_s_header_names_its_inputs() -> None:
    cards = {
        "FILENAME": "jbeveo010_drz.fits",
        "PROPOSID": "12062",
        "ASN_TAB": "jbeveo010_asn.fits",
        "D001DATA": "jbeveoabq_flt.fits[sci,1]",
        "D002DATA": "jbeveoabq_flt.fits[sci,2]",
        "D003DATA": "jbeveoadq_flt.fits[sci,1]",
    }
    facts = header_facts(cards, "renamed.fits")
    assert (facts.file, facts.proposal, facts.association_file) == ("jbeveo010_drz.fits", "12062", "jbeveo010_asn.fits")
    assert facts.association is not None
    assert facts.association.root == "jbeveo010"
    assert [m.root for m in facts.association.members] == ["jbeveoabq", "jbeveoadq"]


def test_a_header_that_says_nothing() -> None:
    facts = header_facts({"ASN_TAB": "NONE", "ASN_ID": "NONE", "PROGRAM": "01243"}, "x.fits")
    assert (facts.file, facts.proposal, facts.association_file, facts.association) == ("x.fits", "1243", "", None)
