"""A basket that mixes versions of a pipeline says so; one that does not is left in peace."""

from __future__ import annotations

from mast_tui.core.fetch import FetchItem
from mast_tui.provenance import mixed_versions


def item(uri: str, version: str, level: int | None = 3, kind: str = "SCIENCE", collection: str = "JWST") -> FetchItem:
    name = uri.rsplit("/", 1)[-1]
    return FetchItem(uri, name, collection=collection, product_type=kind, calib_level=level, version=version)


def webb(name: str, version: str, level: int | None = 2, kind: str = "SCIENCE") -> FetchItem:
    return item(f"mast:JWST/product/{name}", version, level, kind)


NIRCAM = "jw01979002001_04101_0000{}_nrca1_{}.fits"


def test_two_versions_of_one_instrument_are_told_with_their_counts_the_older_first() -> None:
    said = mixed_versions(
        [webb(NIRCAM.format(n, "cal"), "1.12.5") for n in (1, 2)] + [webb(NIRCAM.format(3, "cal"), "1.8.2")]
    )
    assert len(said) == 1
    assert said[0].startswith("JWST NIRCam: made by 2 versions of the pipeline or its data: 1.8.2 (1); 1.12.5 (2).")


def test_instruments_are_not_compared_with_each_other() -> None:
    miri = webb("jw01979002001_04101_00001_mirimage_cal.fits", "1.12.5")
    assert mixed_versions([webb(NIRCAM.format(1, "cal"), "1.8.2"), miri]) == ()


def test_raw_files_previews_and_files_without_a_version_do_not_count() -> None:
    assert (
        mixed_versions(
            [
                webb(NIRCAM.format(1, "cal"), "1.12.5"),
                webb(NIRCAM.format(1, "uncal"), "1.8.2", level=1),
                webb("jw01979-o002_t001_nircam_clear-f150w2_i2d.jpg", "1.8.2", level=3, kind="PREVIEW"),
                webb(NIRCAM.format(2, "cal"), ""),
            ]
        )
        == ()
    )


def test_a_pipeline_s_name_alone_is_no_version() -> None:
    files = [
        item("mast:HST/product/jsim01010_drz.fits", "CALACS", collection="HST"),
        item("mast:HST/product/jsim02010_drz.fits", "CALACS 10.3.5", collection="HST"),
    ]
    assert mixed_versions(files) == ()
    assert mixed_versions([*files, item("mast:HST/product/jsim03010_drz.fits", "CALACS 9.2.0", collection="HST")])


def test_what_the_headers_say_outweighs_the_list() -> None:
    files = [webb(NIRCAM.format(n, "cal"), "1.12.5") for n in (1, 2)]
    assert mixed_versions(files) == ()
    said = mixed_versions(files, {files[0].uri: "1.8.2, jwst_1084.pmap"})
    assert "1.8.2, jwst_1084.pmap (1); 1.12.5 (1)" in said[0]


def test_where_only_the_uri_is_known_the_name_tells_what_counts() -> None:
    def bare(name: str, version: str) -> FetchItem:
        return FetchItem(f"mast:TESS/product/{name}", name, version=version)

    sector = "tess2018206045859-s000{}-0000000261136679-0120-s_{}.{}"
    files = [bare(sector.format(1, "lc", "fits"), "spoc-4.0.36"), bare(sector.format(2, "lc", "fits"), "spoc-5.0.10")]
    assert mixed_versions(files)[0].startswith("TESS: made by 2 versions of the pipeline or its data: spoc-4.0.36 (1)")
    assert mixed_versions([files[0], bare(sector.format(1, "lc", "png"), "spoc-5.0.10")]) == ()


def test_light_curves_of_several_pipelines_are_told() -> None:
    said = mixed_versions(
        [
            item("mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits", "spoc-5.0.10"),
            item("mast:HLSP/qlp/s0001/hlsp_qlp_tess_ffi_s0001-0000000261136679_tess_v01_llc.fits", "v01", 4),
        ]
    )
    assert said == ("TESS light curves of 2 pipelines: HLSP qlp (1); TESS (1). Their apertures and detrending differ.",)


def test_words_from_outside_are_clean_and_not_endless() -> None:
    said = mixed_versions([webb(NIRCAM.format(n, "cal"), f"1.{n}\x1b[31m" + "x" * 300) for n in range(7)])
    assert len(said) == 1 and "\x1b" not in said[0] and len(said[0]) < 500 and "and 3 more" in said[0]
