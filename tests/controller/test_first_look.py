"""The archive's own picture of a product is shown first; it is found among the products of the same observation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mast_tui.controller.look_first import FirstLook, first_look, preview_of
from mast_tui.core.columns import PRODUCT_COLUMNS, product_column
from mast_tui.core.products import ProductSet
from mast_tui.core.table import ColumnTable
from mast_tui.core.table_pack import pack_rows

LARGE = 84 << 20


def row(name: str, kind: str = "SCIENCE", size: int = LARGE, obs: str = "jw1", shows: str = "image") -> dict[str, Any]:
    return {
        "obs_id": obs,
        "dataproduct_type": shows,
        "dataURI": f"mast:JWST/product/{name}",
        "productFilename": name,
        "productType": kind,
        "size": size,
    }


ROWS = [
    row("jw1_nrca_i2d.fits"),
    row("jw1_nrca_i2d.jpg", "PREVIEW", 90_000),
    row("jw1_nrca_i2d_thumb.jpg", "THUMBNAIL", 6_000),
    row("jw1_nrcb_i2d.jpg", "PREVIEW", 90_000),
    row("jw2_nrca_i2d.fits", obs="jw2"),
    row("jw1_nrca_x1d.fits", size=100_000, shows="spectrum"),
    row("jw1_nrca_cat.pdf", "PREVIEW", 50_000),
    row("jw1_nrca_uncal.fits"),
    row("jw1_nrca_asn.json", "INFO", 7_000),
    row("jw3_nrca_i2d.fits", obs="jw3"),
    row("jw3_nrca_i2d_thumb.jpg", "PREVIEW", 6_000, obs="jw3"),
    row("jw1_nrca_small.fits", size=40_000),
    row("jw1_nrca_x1dints.fits", shows="spectrum"),
    row("jw1_nrca_cat.ecsv"),
]
NAMES = [r["productFilename"] for r in ROWS]


def products() -> ProductSet:
    table = ColumnTable(product_column, PRODUCT_COLUMNS)
    fields = [{"name": n, "type": "int" if n == "size" else "string"} for n in ROWS[0]]
    table.append(pack_rows(fields, ROWS))
    return ProductSet(table, len(ROWS))


def nothing(_: str) -> Path | None:
    return None


def first(name: str, observation_picture: str = "") -> FirstLook:
    return first_look(products(), NAMES.index(name), nothing, observation_picture)


def test_an_image_is_shown_by_its_own_picture_not_the_thumbnail() -> None:
    assert first("jw1_nrca_i2d.fits") == FirstLook(
        "mast:JWST/product/jw1_nrca_i2d.jpg", "the archive's preview of this file of 88.1 MB"
    )


def test_where_there_is_only_a_thumbnail_that_is_shown() -> None:
    assert first("jw3_nrca_i2d.fits").uri == "mast:JWST/product/jw3_nrca_i2d_thumb.jpg"


def test_a_picture_of_another_file_of_the_observation_is_called_so() -> None:
    found = first("jw1_nrca_uncal.fits")
    assert found.uri.endswith("jw1_nrca_i2d.jpg") and "not of this file of 88.1 MB" in found.why


def test_without_a_picture_of_its_observation_the_file_is_looked_at_itself() -> None:
    assert preview_of(products(), NAMES.index("jw2_nrca_i2d.fits")) is None
    assert first("jw2_nrca_i2d.fits") == FirstLook("mast:JWST/product/jw2_nrca_i2d.fits")


def test_the_address_of_the_observation_s_picture_is_used_where_the_archive_serves_it() -> None:
    assert first("jw2_nrca_i2d.fits", "mast:JWST/product/jw2_i2d.jpg").uri == "mast:JWST/product/jw2_i2d.jpg"
    assert not first("jw2_nrca_i2d.fits", "https://elsewhere.example/a.jpg").why
    assert not first("jw2_nrca_i2d.fits", "mast:JWST/product/jw2_i2d.fits").why


def test_what_needs_no_picture_is_looked_at_itself() -> None:
    for name in (
        "jw1_nrca_x1d.fits",
        "jw1_nrca_asn.json",
        "jw1_nrca_small.fits",
        "jw1_nrcb_i2d.jpg",
        "jw1_nrca_cat.ecsv",
    ):
        assert first(name) == FirstLook(f"mast:JWST/product/{name}")
    assert first("jw1_nrca_x1dints.fits").why  # a curve as well, but a large one


def test_a_file_that_is_here_needs_no_picture() -> None:
    assert not first_look(products(), 0, lambda _: Path("here.fits")).why
