"""The jobs of the preview worker: read one file and send back numbers and labels. Runs only in that process.

Called by name through `core.workers`; `Previewer` is the caller. What a file holds never raises here: it ends as a
`Preview` whose `problems` say in a sentence what is wrong. `InvalidQuery` is raised for what was asked wrongly.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from mast_tui.core.errors import InvalidQuery, NotFound, UnreadableFile
from mast_tui.core.look import (
    BoolArray,
    Frames,
    HeaderLook,
    ImageLook,
    Json,
    Kind,
    Look,
    PictureLook,
    Preview,
    Series,
)
from mast_tui.core.text import clean
from mast_tui.core.workers import report
from mast_tui.preview import (
    collapse,
    cubes,
    facts,
    guard,
    header_look,
    images,
    large,
    light_curves,
    mosaics,
    naming,
    pictures,
    pixels,
    plain_tables,
    spectra,
    spectral_images,
    tables,
    time_series,
)
from mast_tui.preview.asking import MAX_SERIES, Asked
from mast_tui.preview.fits_file import PARSER_ERRORS, FitsFile, TooLarge, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.masks import Level
from mast_tui.preview.passing import frames_to_wire, series_to_wire, to_wire
from mast_tui.preview.plain import read_plain
from mast_tui.preview.recipe import COMPANIONS

#: Images and plain tables that are listed unasked.
MAX_IMAGES, MAX_TABLES = 200, 4
#: The first image (and the first cube) is always read, others while they have so many pixels together: a full-frame
#: image of Kepler has 84 arrays.
MAX_PIXELS = 1 << 20
_HEAD = 4096
_Answer = TypeVar("_Answer")
#: What the screen shows first when a file holds several kinds of things.
_ORDER = ("pixels", "lightcurve", "spectrum", "cube", "image", "table", "header")


def warm() -> str:
    """Import what every job needs, so that the first file costs only its reading."""
    from astropy import wcs
    from astropy.io import fits

    return f"{fits.__name__} {wcs.__name__}"


def read(
    path: str,
    hdu: int | None = None,
    row: int | None = None,
    quality: Level = "default",
    column: str | None = None,
    plane: int | None = None,
    window: list[int] | None = None,
) -> Json:
    """The preview of the file at `path`, as `passing.to_wire` writes it."""
    file = Path(path)
    part = None if window is None else (window[0], window[1], window[2], window[3])
    return to_wire(preview(file, Asked(hdu, row, quality, column, file.name, plane, part)))


def frames(path: str, hdu: int, first: int, count: int, step: int) -> Json:
    """Cadences of a pixel file, as `passing.frames_to_wire` writes them."""

    def read(file: FitsFile, one: Hdu) -> Frames:
        try:
            return pixels.frames(file, one, first, count, step)
        except large.REFUSED as error:
            refused = error.with_traceback(None)
        return large.frames(file, one, (first, step, count), refused)

    return frames_to_wire(_of_hdu(Path(path), hdu, read))


def aperture_curve(path: str, hdu: int, aperture: BoolArray, quality: Level = "default") -> Json:
    """The light curve of an aperture of a pixel file, as `passing.series_to_wire` writes it."""
    return series_to_wire(
        _of_hdu(Path(path), hdu, lambda file, one: pixels.aperture_curve(file, one, aperture, quality))
    )


def spaxel(path: str, hdu: int, x: int, y: int, half: int) -> Json:
    """The spectrum of a cube at a pixel, as `passing.series_to_wire` writes it."""
    return series_to_wire(_of_hdu(Path(path), hdu, lambda file, one: cubes.spaxel(file, one, x, y, half)))


def collapsed(path: str, hdu: int, first: int, last: int, how: collapse.How, window: list[int] | None) -> Json:
    """Some slices of a cube as one image, the only item of the preview that `passing.to_wire` writes."""
    part = None if window is None else (window[0], window[1], window[2], window[3])
    image = _of_hdu(Path(path), hdu, lambda file, one: collapse.collapsed(file, one, first, last, how, part))
    return to_wire(Preview(Path(path).name, "cube", None, None, (image,)))


def checksums(path: str) -> Json:
    """The fact that says whether the file is whole, all its checksums verified; reports how far it is."""
    try:
        with FitsFile(Path(path)) as file:
            return vars(facts.complete(file, report))
    except FileNotFoundError:
        raise NotFound(f"there is no file {clean(path)}", "", "Check the path") from None


def _of_hdu(path: Path, index: int, read: Callable[[FitsFile, Hdu], _Answer]) -> _Answer:
    """What `read` makes of one HDU. NotFound, InvalidQuery or UnreadableFile."""
    try:
        with FitsFile(path) as file:
            if not 0 <= index < len(file.walk.hdus):
                raise InvalidQuery(f"this file has no HDU {index}")
            return read(file, file.walk.hdus[index])
    except FileNotFoundError:
        raise NotFound(f"there is no file {clean(path)}", "", "Check the path") from None
    except MemoryError:
        raise UnreadableFile(
            f"HDU {index} is too large for this", "It needs more memory than a look may take"
        ) from None
    except PARSER_ERRORS as error:
        raise UnreadableFile(f"HDU {index} can't be read", clean(error, 160), "Get the file again") from None


def preview(path: Path, asked: Asked) -> Preview:
    """What there is to see in one local file. NotFound and InvalidQuery are the only errors raised."""
    try:
        status = path.stat()
    except OSError as error:
        raise NotFound(f"there is no file {clean(path)}", clean(error.strerror or ""), "Check the path") from None
    if not stat.S_ISREG(status.st_mode):
        raise NotFound(f"{clean(path)} is not a file")
    if status.st_size == 0:
        return _unreadable(path, 0, "The file is empty (0 bytes); get it again.")
    try:
        opened = guard.open_bytes(path)
        with opened[0] as file:
            head = file.read(_HEAD)
            if head.startswith(b"SIMPLE"):
                return _fits(path, opened, asked)
            look = read_plain(file, head, path.name)
            found: tuple[Look, ...]
            if isinstance(look, PictureLook):
                found = (pictures.decoded(path, look),)
            else:
                found = tuple(plain_tables.items(file, head, look, asked))
    except UnreadableFile as error:
        return _unreadable(path, status.st_size, _sentence(str(error)))
    except OSError as error:
        return _unreadable(path, status.st_size, f"The file can't be read: {clean(error.strerror or error, 200)}.")
    if ".fit" in path.name.lower():
        what = f"a {look.format} picture" if look.kind == "picture" else f"a {look.kind}"
        problems: tuple[str, ...] = (f"Its name says FITS, but this is {what}.",)
    else:
        problems = ()
    return Preview(path.name, cast(Kind, found[0].kind), None, None, found, problems, n_bytes=status.st_size)


def _unreadable(path: Path, n_bytes: int, problem: str, header: HeaderLook | None = None) -> Preview:
    return Preview(path.name, "unreadable", None, None, (), (problem,), header, n_bytes)


def _fits(path: Path, opened: tuple[BinaryIO, int], asked: Asked) -> Preview:
    asked.path = path
    with FitsFile(path, opened) as file:
        problems = [file.walk.problem + "."] if file.walk.problem else []
        if not file.walk.hdus:
            return _unreadable(path, file.n_bytes, problems[0])
        header = header_look.header_look(file.walk, file.columns)
        if asked.hdu is not None and not 0 <= asked.hdu < len(file.walk.hdus):
            raise InvalidQuery(f"this file has no HDU {asked.hdu}", "", f"Its HDUs are 0 to {len(file.walk.hdus) - 1}")
        items = _items(file, asked, problems)
        kind = cast(Kind, items[0].kind) if items else "header"
        if not items:
            items = [header]
            if problems and file.walk.problem:
                kind = "unreadable"
        if naming.is_simulated(file.walk.hdus):
            items[0] = replace(items[0], notes=(naming.SIMULATED_NOTE, *items[0].notes))
        return Preview(
            file=path.name,
            kind=kind,
            instrument=naming.instrument(file.walk.hdus),
            target=naming.target(file.walk.hdus),
            items=tuple(items),
            problems=tuple(problems),
            header=header,
            n_bytes=file.n_bytes,
            facts=facts.facts(file),
        )


def _items(file: FitsFile, asked: Asked, problems: list[str]) -> list[Look]:
    """Everything that can be drawn, what is shown first at the front. Problems of single HDUs are added."""
    found: list[Look] = []
    wrong: InvalidQuery | None = None
    hdus = file.walk.hdus if asked.hdu is None else (file.walk.hdus[asked.hdu],)
    if asked.hdu is None:
        found += _over_time(file, asked)
    for hdu in hdus:
        if sum(isinstance(item, Series) for item in found) >= MAX_SERIES:
            problems.append(f"Only the first {MAX_SERIES} curves are read; name an HDU for the others.")
            break
        try:
            found += _read_hdu(file, hdu, asked, found)
        except InvalidQuery as error:
            wrong = error
        except UnreadableFile as error:
            problems.append(f"HDU {hdu.index} {_named(hdu)}is not drawn: {error}")
        except PARSER_ERRORS as error:
            if hdu.complete:
                why = clean(error, 160).rstrip(". ") or "it is mangled"
                problems.append(f"HDU {hdu.index} {_named(hdu)}can't be read: {why}.")
    if asked.hdu is None:
        _say_what_is_left(file, found)
    if wrong is not None and not any(isinstance(item, Series) for item in found):
        raise wrong
    return sorted(found, key=_rank)


def _say_what_is_left(file: FitsFile, found: list[Look]) -> None:
    """A note on the first of the images where the file holds more than are read unasked."""
    at = [k for k, item in enumerate(found) if item.kind in ("image", "cube") and isinstance(item, ImageLook)]
    n = sum(
        len(image_axes(hdu)) >= 2 and hdu.header.name.upper() not in COMPANIONS and hdu.present_bytes > 0
        for hdu in file.walk.hdus
    )
    if len(at) >= MAX_IMAGES and n > MAX_IMAGES:
        note = f"the first {MAX_IMAGES} of {n} images are listed; the others are read by their HDU"
        found[at[0]] = replace(found[at[0]], notes=(note, *found[at[0]].notes))


def _over_time(file: FitsFile, asked: Asked) -> list[Look]:
    """What an older JWST file with an integration an HDU shows of them all, for each spectral order."""
    found: list[Look] = []
    for hdus in time_series.integrations(file):
        recipe = spectra.recipe_for(hdus[0], file.columns(hdus[0]), file.primary, asked.file_name)
        if recipe is None:
            continue
        try:
            found += time_series.looks_at_hdus(file, recipe, hdus, asked)
        except (*PARSER_ERRORS, TooLarge):
            continue  # what is wrong with them is said where each is read
    return found


def _rank(item: Look) -> float:
    """A dynamic spectrum comes after its light curve, before the single spectra; one side of others is of pixels."""
    extent = item.extent if isinstance(item, ImageLook) else None
    if extent is not None and "pix" not in (extent.x_axis.unit, extent.y_axis.unit):
        return _ORDER.index("lightcurve") + 0.5
    return _ORDER.index(item.kind) if item.kind in _ORDER else len(_ORDER)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(hdu: Hdu) -> str:
    return f"({clean(hdu.header.name, 60)}) " if hdu.header.name else ""


def _read_hdu(file: FitsFile, hdu: Hdu, asked: Asked, found: list[Look]) -> list[Look]:
    """What there is to see in one HDU: all of its data, or where these are too large, a part."""
    try:
        return _read_whole(file, hdu, asked, found)
    except large.REFUSED as error:
        refused = error.with_traceback(None)  # what its frames hold must go before a part is read
    return large.looks(file, hdu, asked, refused, lambda small, one, part: _read_whole(small, one, part, found))


def _read_whole(file: FitsFile, hdu: Hdu, asked: Asked, found: list[Look]) -> list[Look]:
    unasked = asked.hdu is None
    if unasked and (hdu.header.name.upper() in COMPANIONS or hdu.present_bytes == 0):
        return []
    axes = image_axes(hdu)
    if axes:
        return _read_array(file, hdu, asked, found, axes)
    if hdu.extension not in ("BINTABLE", "TABLE") or (hdu.header.integer("NAXIS2") or 0) == 0:
        return []
    columns = file.columns(hdu)
    pixel_file = pixels.recipe_for(hdu, columns, file.primary, asked.file_name)
    if pixel_file is not None:
        return list(pixels.read(file, hdu, pixel_file, asked))
    curve = light_curves.recipe_for(hdu, columns, file.primary, asked.file_name)
    if curve is not None:
        return list(light_curves.read(file, hdu, curve, asked))
    spectrum = spectra.recipe_for(hdu, columns, file.primary, asked.file_name)
    if spectrum is not None:
        over_time = time_series.looks(file, hdu, spectrum, asked)
        return [*over_time, *spectra.read(file, hdu, spectrum, asked)]
    if unasked and sum(item.kind == "table" for item in found) >= MAX_TABLES:
        return []
    return [tables.read(file, hdu)]


def _read_array(file: FitsFile, hdu: Hdu, asked: Asked, found: list[Look], axes: tuple[int, ...]) -> list[Look]:
    if spectral_images.is_waivered_spectrum(file, hdu):
        return list(spectral_images.read_waivered(file, hdu, asked, asked.path))
    if spectral_images.is_spectrum(hdu):
        return [spectral_images.read_spectrum(file, hdu, asked)]
    if len(axes) < 2 or 0 in axes:
        return []
    if asked.hdu is None and sum(item.kind in ("image", "cube") for item in found) >= MAX_IMAGES:
        return []
    chips = mosaics.looks(file, hdu, asked)
    if asked.hdu is None and chips is None:
        listed = images.listed(file, hdu)
        before = [item for item in found if isinstance(item, ImageLook) and item.kind == listed.kind]
        if before and listed.n_rows + sum(item.n_rows for item in before[1:] if item.loaded) > MAX_PIXELS:
            return [listed]
    return [images.read_image(file, hdu, asked)] if chips is None else list(chips)
