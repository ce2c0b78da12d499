"""The drawn pixels of an image as ECSV 1.0 (APE 6), a line a pixel: x, y, value, and the sky where it is known.

`astropy.table.Table.read(…, format="ascii.ecsv")` gives units and meta, `pandas.read_csv(…, comment="#")` the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from mast_tui.core.look import ImageLook
from mast_tui.core.text import clean
from mast_tui.plot.image_places import axis_values


def image_csv(image: ImageLook) -> str:
    """Pixels without data are left out. `x` and `y` are the middles of the drawn blocks, in pixels counted from 1 as
    in FITS, or on the axes of a dynamic spectrum; a block is as large as `block` in the meta says.
    """
    return "\n".join(_lines(image)) + "\n"


def _lines(image: ImageLook) -> Iterator[str]:
    extent, unit = image.extent, image.value_axis.unit
    x_unit, y_unit = (extent.x_axis.unit, extent.y_axis.unit) if extent is not None else ("pix", "pix")
    yield "# %ECSV 1.0"
    yield "# ---"
    yield "# delimiter: ','"
    yield "# datatype:"
    columns = [("x", x_unit, "float64"), ("y", y_unit, "float64"), ("value", unit, "float32")]
    with_sky = image.sky is not None and extent is None
    if with_sky:
        columns += [("ra", "deg", "float64"), ("dec", "deg", "float64")]
    for name, of, datatype in columns:
        described = {"name": name, "unit": clean(of, 60), "datatype": datatype}
        yield f"# - {json.dumps({key: value for key, value in described.items() if value})}"
    yield "# meta: !!omap"
    for key, value in _about(image).items():
        yield f"# - {json.dumps({key: value})}"
    yield "# schema: astropy-2.0"
    yield ",".join(name for name, *_ in columns)
    yield from _rows(image, with_sky)


def _rows(image: ImageLook, with_sky: bool) -> Iterator[str]:
    xs, ys = axis_values(image)
    for row, column in np.argwhere(np.isfinite(image.pixels)).tolist():
        x, y = float(xs[column]), float(ys[row])
        cells = [repr(x), repr(y), repr(float(image.pixels[row, column]))]
        if with_sky and image.sky is not None:
            place = image.sky.at(x - 1.0, y - 1.0)
            cells += ["nan", "nan"] if place is None else [f"{place[0]:.8f}", f"{place[1]:.8f}"]
        yield ",".join(cells)


def _about(image: ImageLook) -> dict[str, Any]:
    about: dict[str, Any] = {"image": clean(image.name, 60), "hdu": image.hdu, "shape": list(image.shape)}
    if image.step != (1, 1):
        about["block"] = f"{image.step[1]} x {image.step[0]} pixels, drawn by their maximum"
    if image.plane is not None and image.n_planes > 1:
        about["plane"] = image.plane + 1
    if image.sky is not None:
        about["frame"] = clean(image.sky.frame, 20)
    if image.notes:
        about["notes"] = [clean(note) for note in image.notes]
    return about
