"""`mast-tui preview` to a file or a pipe: which format, made of what, written whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mast_tui.core.errors import InvalidQuery, LocalFailure
from mast_tui.core.look import ImageLook, PictureLook, Series
from mast_tui.core.text import clean

if TYPE_CHECKING:
    from mast_tui.cli.preview_steps import Worked
    from mast_tui.core.look import Preview

Form = Literal["text", "json", "csv", "png", "svg", "wav"]
FORMS: tuple[Form, ...] = ("text", "json", "csv", "png", "svg", "wav")
_BINARY = ("png", "wav")
#: A cell of a terminal in points of a page: `--size` means the same for text and for pictures.
_CELL = (10, 20)


def form_of(given: str | None, output: Path | None, as_json: bool) -> Form:
    """The format asked for, else that of the file's ending, else text. UsageError where there are two answers."""
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    known = {str(form): form for form in FORMS} | {"txt": FORMS[0], "ecsv": FORMS[2]}
    if as_json and given not in (None, "json"):
        raise click.UsageError(f"--json and --format {given} can't be used together.")
    if as_json or given is not None:
        return known["json" if as_json else given or "text"]
    if output is not None and ending not in known:
        raise click.UsageError(f"the ending of the file tells no format: add --format {'|'.join(FORMS)}.")
    return known.get(ending, "text")


def refuse_terminal(form: Form, output: Path | None) -> None:
    """Bytes that are no text would make a mess of a terminal."""
    if form in _BINARY and output is None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for a terminal: use --output FILE.{form}, or > FILE.{form}.")


def made(
    preview: Preview, found: Worked | None, form: Form, size: tuple[int, int] | None, sides: Literal["pixels", "sky"]
) -> str | bytes:
    """The picture, the numbers or the sound. InvalidQuery where there is none of what was looked at."""
    from mast_tui.plot import Mark, takeaway

    item = found.series if found is not None else preview.items[0] if preview.items else None
    if form in ("csv", "wav") and not isinstance(item, Series) and preview.series:
        item = preview.series[0]  # the light curve of a pixel file's aperture
    if form == "csv" and isinstance(item, Series | ImageLook):
        return takeaway.to_csv(item)
    if form == "wav" and isinstance(item, Series):
        return takeaway.to_wav(item)
    if form in ("csv", "wav"):
        whose = "light curves and spectra" if form == "wav" else "curves, spectra and images"
        raise InvalidQuery(
            f"there is nothing to write as {form} in {preview.file}",
            f"Only {whose} have such",
            "Choose --format json, png or svg",
        )
    if not isinstance(item, Series | ImageLook | PictureLook):
        raise InvalidQuery(f"there is nothing to draw in {preview.file}", "", "Choose --format text, or --info")
    how: takeaway.How = {"title": title(preview), "sides": sides}
    if size is not None:
        how |= {"width": size[0] * _CELL[0], "height": size[1] * _CELL[1]}
    if found is not None:
        how |= {"also": found.also, "over": found.over}
        if found.searches and item.kind == "periodogram":
            best = found.searches[-1].period_d
            how["marks"] = (Mark(best, f"{best:.6g} d", "period"),)
    return takeaway.to_png(item, **how) if form == "png" else takeaway.to_svg(item, **how)


def title(preview: Preview) -> str:
    return " · ".join(part for part in (preview.target, preview.instrument) if part) or preview.file


def refuse_taken(output: Path) -> None:
    """LocalFailure where there is something of this name: an answer never replaces a file silently."""
    if os.path.lexists(output.expanduser()):
        raise LocalFailure(
            f"{clean(output, 200)} is there already", "", "Choose another name, or --force to replace it"
        )


def put(content: str | bytes, output: Path | None, force: bool) -> None:
    """To the file, whole or not at all; else to stdout as it is. LocalFailure where a file is in the way."""
    from mast_tui.core.folders import write_whole
    from mast_tui.core.keep import write_as

    if output is not None and force:
        write_whole(output.expanduser(), content, 0o666)
    elif output is not None:
        try:
            write_as(output.expanduser(), content if isinstance(content, bytes) else content.encode())
        except FileExistsError:
            refuse_taken(output)
    elif isinstance(content, bytes):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(content)
