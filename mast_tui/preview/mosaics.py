"""Detectors of several chips drawn as one picture, with the sky of each chip right. Used by `jobs`.

The chips are planes of one look: without a plane asked for all of them are shown, with one that chip alone. A further
detector is one line of `LAYOUTS`. Chips are put side by side as they are stored: neither the gap between them nor their
rotation is made up (WFC3 Instrument Handbook 2.2, ACS Data Handbook 2.1: of both, SCI,1 is the lower chip; the cameras
of WFPC2 look in four directions and are shown as panels, in the order in which one reads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ImageLook, SkyGrid
from mast_tui.preview.asking import Asked
from mast_tui.preview.fits_file import PARSER_ERRORS, FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.images import bounds, checked_plane, image_look
from mast_tui.preview.sky import distortions_left_out, sky_grid

Bounds = tuple[slice, slice]


@dataclass(frozen=True)
class Layout:
    """`places`: of each chip its row, counted from the bottom, and its column."""

    instrument: str
    detector: str
    places: tuple[tuple[int, int], ...]
    note: str

    @property
    def n_rows(self) -> int:
        return 1 + max(row for row, _ in self.places)

    @property
    def n_columns(self) -> int:
        return 1 + max(column for _, column in self.places)


_STACKED = "both chips are shown, the second above the first, without the gap between them"
LAYOUTS: tuple[Layout, ...] = (
    Layout("WFC3", "UVIS", ((0, 0), (1, 0)), _STACKED),
    Layout("ACS", "WFC", ((0, 0), (1, 0)), _STACKED),
    Layout(
        "WFPC2",
        "",
        ((1, 0), (1, 1), (0, 0), (0, 1)),
        "four cameras are shown as panels: 1 and 2 above, 3 and 4 below, not turned to one direction",
    ),
)


@dataclass(frozen=True, eq=False)
class _Chip:
    pixels: npt.NDArray[Any]
    wcs: Header


def looks(file: FitsFile, hdu: Hdu, asked: Asked) -> list[ImageLook] | None:
    """The picture of all chips that begin with this HDU, or of the one asked for as a plane.

    [] for the array of a further chip, which is shown with the first unless it is asked for; None where the HDU is
    no chip of such a detector. InvalidQuery as `images.read_image`.
    """
    layout = _layout(file, hdu)
    if layout is None:
        return None
    parts = _parts(file, hdu)
    if len(parts) == len(layout.places) and hdu.index != parts[0].index:
        return [] if asked.hdu is None else None
    if len(parts) == len(layout.places):
        chips = [_Chip(file.image(part), part.header) for part in parts]
    elif len(hdu.axes) == 3 and hdu.axes[0] == len(layout.places):
        chips = [_Chip(plane, wcs) for plane, wcs in zip(file.image(hdu), _group_headers(file, hdu), strict=True)]
    else:
        return None
    return [_look(file, hdu, layout, chips, asked)]


def _layout(file: FitsFile, hdu: Hdu) -> Layout | None:
    if hdu.header.name.upper() != "SCI" and hdu.index != 0:
        return None
    instrument, detector = (file.primary.text(keyword).upper() for keyword in ("INSTRUME", "DETECTOR"))
    return next(
        (one for one in LAYOUTS if one.instrument == instrument and one.detector in ("", detector)),
        None,
    )


def _parts(file: FitsFile, hdu: Hdu) -> list[Hdu]:
    """The science arrays of the shape of `hdu`, when it is one of two axes."""
    axes = image_axes(hdu)
    if len(axes) != 2 or 0 in axes:
        return []
    return [
        other
        for other in file.walk.hdus
        if other.header.name.upper() == "SCI" and other.complete and image_axes(other) == axes
    ]


def _group_headers(file: FitsFile, hdu: Hdu) -> list[Header]:
    """The world coordinates of each group of a waivered GEIS file: those of the table that follows, a row a group.

    Empty headers where there is no such table: the coordinates in the primary are those of one group alone.
    """
    nothing = [Header((), {})] * hdu.axes[0]
    if len(file.walk.hdus) < 2 or file.walk.hdus[1].extension != "TABLE":
        return nothing
    try:
        table = file.table(file.walk.hdus[1])
        if table.n_rows != hdu.axes[0]:
            return nothing
        words = {name: table.raw(name) for name in ("CTYPE1", "CTYPE2")}
        names = ("CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")
        numbers = {name: table.numbers(name) for name in names}
    except PARSER_ERRORS:
        return nothing
    kept = {k: v for k, v in hdu.header.values.items() if k in ("EQUINOX", "RADESYS", "RADECSYS")}
    return [
        Header(
            (),
            {
                **kept,
                **{name: str(values[k]).strip() for name, values in words.items()},
                **{name: float(values[k]) for name, values in numbers.items()},
            },
        )
        for k in range(table.n_rows)
    ]


def _look(file: FitsFile, hdu: Hdu, layout: Layout, chips: list[_Chip], asked: Asked) -> ImageLook:
    n, (ny, nx) = len(chips), chips[0].pixels.shape
    plane = None if asked.plane is None else checked_plane(asked.plane, n)
    if plane is None:
        full, places, shown, note = (ny * layout.n_rows, nx * layout.n_columns), layout.places, chips, layout.note
    else:
        full, places, shown = (ny, nx), ((0, 0),), [chips[plane]]
        note = f"chip {plane + 1} of {n} is shown"
    rows, columns = bounds(asked.window, full)
    inside = [
        (chip, _overlap(rows, row * ny, ny), _overlap(columns, column * nx, nx), (row * ny, column * nx))
        for chip, (row, column) in zip(shown, places, strict=True)
    ]
    inside = [part for part in inside if part[1].stop > part[1].start and part[2].stop > part[2].start]
    kind = np.result_type(np.float32, *(chip.pixels.dtype for chip in shown))
    pixels = np.full((rows.stop - rows.start, columns.stop - columns.start), np.nan, kind)
    for chip, y, x, (bottom, left) in inside:
        down, across = bottom - rows.start, left - columns.start
        pixels[y.start + down : y.stop + down, x.start + across : x.stop + across] = chip.pixels[y, x]
    notes = [note]
    sky = _sky([(chip.wcs, y, x, at) for chip, y, x, at in inside])
    if sky is None and plane is None and n > 1:
        notes.append("the file does not say where each chip lies on the sky")
    left_out = distortions_left_out(shown[0].wcs) if sky is not None else ""
    notes += [left_out] if left_out else []
    return image_look(
        "image",
        f"{hdu.header.name or 'primary array'}, {n} chips",
        hdu,
        pixels,
        (n, ny, nx),
        hdu.header.text("BUNIT") or file.primary.text("BUNIT"),
        notes,
        origin=(rows.start, columns.start),
        full=full,
        plane_number=plane,
        n_planes=n,
        sky=sky,
    )


def _overlap(window: slice, start: int, length: int) -> slice:
    """The part of a chip, in its own pixels, that lies in the window of the whole picture."""
    return slice(max(0, window.start - start), min(length, window.stop - start))


def _sky(parts: list[tuple[Header, slice, slice, tuple[int, int]]]) -> SkyGrid | None:
    """One grid of all chips. Where two of them meet the nodes of both lie next to each other, so that a direction is
    always between nodes of one chip. None unless every chip has its own.
    """
    grids: dict[tuple[int, int], SkyGrid] = {}
    for wcs, y, x, at in parts:
        grid = sky_grid(wcs, (x.start, x.stop), (y.start, y.stop))
        if grid is None:
            return None
        grids[at] = grid
    bottoms, lefts = sorted({at[0] for at in grids}), sorted({at[1] for at in grids})
    if not grids:
        return None
    xs = [grids[bottoms[0], left].x + left for left in lefts]
    ys = [grids[bottom, lefts[0]].y + bottom for bottom in bottoms]
    for nodes in (*xs[1:], *ys[1:]):
        nodes[0] = np.nextafter(nodes[0], np.inf)
    ra = np.block([[grids[bottom, left].ra for left in lefts] for bottom in bottoms])
    dec = np.block([[grids[bottom, left].dec for left in lefts] for bottom in bottoms])
    return SkyGrid(np.concatenate(xs), np.concatenate(ys), ra, dec, next(iter(grids.values())).frame)
