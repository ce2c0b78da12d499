"""The archive's own picture of a product is shown first; it is found among the products of the same observation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mast_tui.controller.look_first import first_look, preview_of
from mast_tui.core.columns import PRODUCT_COLUMNS, product_column
from mast_tui.core.products import ProductSet
from mast_tui.core.table import ColumnTable
from mast_tui.core.table_pack import pack_rows

LARGE = 84 << 20


def row(name: str, kind: str = "SCIENCE", size: int = LARGE, obs: str = "jw1") -> dict[str, Any]:
    return {
        "obs_id": obs,
        "dataURI": f"mast:JWST/product/{name}",
        "productFilename": name,
        "productType": kind,
        "size": size,
    }


ROWS = [
    row("jw1_nrca_i2d.fits"),
    row("jw1_nrca_i2d.jpg", "PREVIEW", 90_000),
    row("jw1_nrca_i2d_thumb.jpg", "PREVIEW", 6_000),
    row("jw1_nrcb_i2d.jpg", "PREVIEW", 90_000),
    row("jw2_nrca_i2d.fits", obs="jw2"),
    row("jw1_small_x1d.fits", size=100_000),
    row("jw1_nrca_cat.pdf", "PREVIEW", 50_000),
]


def products() -> ProductSet:
    table = ColumnTable(product_column, PRODUCT_COLUMNS)
    fields = [{"name": n, "type": "int" if n == "size" else "string"} for n in ROWS[0]]
    table.append(pack_rows(fields, ROWS))
    return ProductSet(table, len(ROWS))


def nothing(_: str) -> Path | None:
    return None


def test_a_large_image_is_shown_by_its_own_picture_not_the_thumbnail() -> None:
    assert first_look(products(), 0, nothing) == (
        "mast:JWST/product/jw1_nrca_i2d.jpg",
        "the archive's preview of this file of 88.1 MB",
    )


def test_without_a_picture_of_its_observation_the_file_is_looked_at_itself() -> None:
    assert preview_of(products(), 4) is None
    assert first_look(products(), 4, nothing) == ("mast:JWST/product/jw2_nrca_i2d.fits", "")


def test_a_small_file_and_one_that_is_here_need_no_picture() -> None:
    assert first_look(products(), 5, nothing)[0].endswith("x1d.fits")
    assert first_look(products(), 0, lambda _: Path("here.fits"))[0].endswith("i2d.fits")


def test_a_picture_is_its_own_preview() -> None:
    assert preview_of(products(), 3) == "mast:JWST/product/jw1_nrcb_i2d.jpg"
