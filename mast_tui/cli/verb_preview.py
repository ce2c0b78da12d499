"""`mast-tui preview FILE|URI…`: a light curve, spectrum, image or table in text; its numbers, a picture, a sound."""

from __future__ import annotations

import os
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from mast_tui.cli import talk
from mast_tui.cli.preview_files import FORMS, form_of, made, put, refuse_taken, refuse_terminal
from mast_tui.cli.preview_options import BEST, FLATTEN_D, MIN_SIZE, STDOUT, PreviewCommand, period_of, size_of
from mast_tui.cli.preview_steps import Steps, Worked, numbered, worked
from mast_tui.cli.preview_told import as_json, end, in_words, verified, write_info
from mast_tui.cli.preview_window import Part, part_of, refuse_without
from mast_tui.cli.scene import json_option, scene, world_options
from mast_tui.core.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mast_tui.controller import Controller
    from mast_tui.core.look import Preview, Series

#: Files that are drawn together; more would be told apart by nobody.
MAX_FILES = 30
_DAYS = click.FloatRange(min=0, min_open=True)


@click.command(cls=PreviewCommand, short_help="A file drawn in text; its numbers, a picture or a sound.")
@click.argument("wheres", metavar="FILE|URI", nargs=-1, required=True)
@click.option("--size", callback=size_of, metavar="120x35", help="Columns and rows; of a picture 10 x 20 points each.")
@click.option("--format", "given_form", type=click.Choice(FORMS), help="By default text, or what FILE ends in.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write there, - for stdout.",
)
@click.option("--force", is_flag=True, help="With --output: in place of a file that is there.")
@click.option("--hdu", type=click.IntRange(min=0), metavar="N", help="This part of the file.")
@click.option("--row", type=click.IntRange(min=0), metavar="N", help="This row of a table of spectra.")
@click.option("--plane", type=click.IntRange(min=0), metavar="N", help="This plane, frame or integration of a cube.")
@click.option("--window", metavar="RANGE", help="Only FROM:TO in the x of a curve; of an image the pixels "
              "COLUMNS,ROWS, such as 101:300,201:400, or 200x200 around --at.")  # fmt: skip
@click.option("--at", metavar="PLACE", help="The middle of the window: RA Dec on the sky, or pixel X Y.")
@click.option("--sides", type=click.Choice(("pixels", "sky")), default="pixels",
              help="What the sides of an image's PNG or SVG are marked with.")  # fmt: skip
@click.option("--column", metavar="NAME", help="This column as y, such as SAP_FLUX.")
@click.option(
    "--quality", type=click.Choice(("none", "default", "hard")), default="default", help="Which flagged points go."
)
@click.option("--unit", metavar="U", help="This unit of y or of x, such as Jy or um.")
@click.option("--normalise", "--normalize", is_flag=True, help="Relative flux.")
@click.option(
    "--flatten", type=_DAYS, metavar="[DAYS]", help=f"Without trends slower than DAYS ({FLATTEN_D:g}).",
)  # fmt: skip
@click.option("--bin", "width", type=_DAYS, metavar="WIDTH", help="Means over WIDTH, in the unit of x.")
@click.option("--time", type=click.Choice(("native", "jd", "utc", "days")), help="Times as the mission's, Julian or "
              "calendar dates, or days since the first.")  # fmt: skip
@click.option("--fold", callback=period_of, metavar="P", help=f"Over the phase of P days, or of the {BEST} period.")
@click.option("--epoch", type=float, metavar="T", help="With --fold: the time of phase 0, in the file's own time.")
@click.option("--periodogram", type=click.Choice(("bls", "ls")), help="Look for a period: transits, or any variation.")
@click.option("--residual", is_flag=True, help="With bls or --fold best: search again without the dips it found.")
@click.option("--stitch", is_flag=True, help="Several FILEs behind each other, not over each other.")
@click.option("--info", is_flag=True, help="What is in the file, without a drawing.")
@click.option("--words", is_flag=True, help="A summary in sentences, without a drawing.")
@world_options
@json_option
def command(
    wheres: tuple[str, ...],
    size: tuple[int, int] | None,
    given_form: str | None,
    output: Path | None,
    force: bool,
    hdu: int | None,
    row: int | None,
    plane: int | None,
    window: str | None,
    at: str | None,
    sides: Literal["pixels", "sky"],
    column: str | None,
    quality: Literal["none", "default", "hard"],
    unit: str | None,
    normalise: bool,
    flatten: float | None,
    width: float | None,
    time: Literal["native", "jd", "utc", "days"] | None,
    fold: float | None,
    epoch: float | None,
    periodogram: Literal["bls", "ls"] | None,
    residual: bool,
    stitch: bool,
    info: bool,
    words: bool,
) -> int:
    """Look at a local FILE or at a file of the archive (mast:…). Several are drawn over each other, or --stitch-ed."""
    choices = scene()
    to_stdout, output = output == STDOUT, None if output == STDOUT else output
    form = form_of(given_form, output, choices.json)
    choices.json = form == "json"
    part = part_of(window, at)
    steps = Steps(unit, stitch, normalise, flatten, periodogram, fold, epoch, width, time, residual, part.x_range)
    steps.check()
    if not to_stdout:
        refuse_terminal(form, output)
    if (info or words) and form not in ("text", "json"):
        raise click.UsageError(f"--info and --words are text: they can't be used with --format {form}.")
    if info and output is not None and form == "text":
        raise click.UsageError("--info goes to stdout: leave --output out, or add --format json.")
    if len(wheres) > MAX_FILES:
        raise click.UsageError(f"At most {MAX_FILES} files are drawn together.")
    if output is not None and not force:
        refuse_taken(output)
    asked: dict[str, Any] = {"hdu": hdu, "row": row, "quality": quality, "column": column, "plane": plane}
    asked = {name: value for name, value in asked.items() if value is not None}
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        previews = [await _look(controller, where, part, asked) for where in wheres]
        if info:
            previews = [await verified(controller, *pair) for pair in zip(wheres, previews, strict=True)]
        talk.wipe()
        readable = [preview for preview in previews if preview.kind != "unreadable"]
        found = await _worked(controller, readable, steps)
        text: str | bytes = ""
        if form == "json":
            text = "".join(as_json(preview, found, info, words) for preview in previews)
        elif form != "text":
            text = made(readable[0], found, form, size, sides) if readable else ""
        elif info:
            for preview in previews:
                write_info(preview, found)
        elif words:
            text = "\n".join(in_words(preview, found if k == 0 else None) for k, preview in enumerate(readable))
        else:
            text = _drawn(_shown(previews, readable, found), found, size, controller.settings.plot == "ascii", output)
        if text:
            put(text, output, force)
        if form == "wav" and text:
            talk.say(in_words(readable[0], found).rstrip())  # who listens may not see
        return end(previews, found, told=form in ("text", "json"))

    return run_verb(work, choices, token=any(where.startswith("mast:") for where in wheres))


async def _look(controller: Controller, where: str, part: Part, asked: dict[str, Any]) -> Preview:
    """The part of the file that is asked for. InvalidQuery where the file is not shown in such parts."""
    window = part.pixels
    if part.size is not None:
        whole = await controller.looks.look(where, **asked, notice=talk.passing)
        if whole.kind == "unreadable":
            return whole
        window = part.around(whole)
    preview = await controller.looks.look(where, **asked, window=window, notice=talk.passing)
    if window is not None and preview.kind != "unreadable":
        refuse_without(preview, window)
    return preview


async def _worked(controller: Controller, previews: Sequence[Preview], steps: Steps) -> Worked | None:
    """What is drawn of curves and spectra; None for all else. InvalidQuery for steps that need a curve.

    A pixel file is drawn as its pixels, unless the steps ask something of the light curve of its aperture.
    """
    first = [preview.items[0] for preview in previews if preview.items]
    if not steps.any and not all(item.kind in ("lightcurve", "spectrum") for item in first):
        return None
    found: list[Series] = [preview.series[0] for preview in previews if preview.series]
    if found and len(found) == len(previews) and all(series.x.size for series in found):
        return numbered(await worked(controller, found, steps))
    if previews and steps.any:
        odd = next(preview for preview in previews if not preview.series or not preview.series[0].x.size)
        if odd.series:
            raise InvalidQuery(
                f"the file {odd.file} has no good point to work on", "", "Try --quality none, or --column"
            )
        raise InvalidQuery(
            f"the file {odd.file} has no curve or spectrum to work on",
            f"It is of kind {odd.kind}",
            "Leave these options out",
        )
    return None


def _shown(previews: Sequence[Preview], readable: Sequence[Preview], found: Worked | None) -> Sequence[Preview]:
    """One drawing of all where they are curves, else one of each file."""
    if found is None:
        return previews
    series, first = found.series, readable[0]
    if len(readable) > 1:
        together = f"together with {', '.join(preview.file for preview in readable[1:])}"
        series = replace(series, notes=(together, *series.notes))
    problems = tuple(problem for preview in previews for problem in preview.problems)
    return [replace(first, items=(series, *first.items[1:]), problems=problems)]


def _drawn(
    previews: Sequence[Preview],
    found: Worked | None,
    size: tuple[int, int] | None,
    ascii_only: bool,
    output: Path | None,
) -> str:
    """The drawings as text, and under them what a period search says."""
    from mast_tui import plot

    screen = output is None and talk.can_wipe(sys.stdout)
    if size is None:
        columns, rows = os.get_terminal_size(sys.stdout.fileno()) if screen else (80, 24)
        size = max(columns, MIN_SIZE[0]), max(rows - 1, MIN_SIZE[1])
    utf8 = output is not None or (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    ascii_only = ascii_only or not utf8
    colour = screen and not os.environ.get("NO_COLOR")
    also, over = (found.also, found.over) if found is not None else ((), None)
    said = [search.verdict.words for search in found.searches] if found is not None else []
    lines = [line for words in said for line in textwrap.wrap(plot.to_ascii(words) if ascii_only else words, size[0])]
    columns, rows = size[0], max(MIN_SIZE[1], size[1] - len(lines))
    drawn = (plot.text(p, columns, rows, colour=colour, ascii_only=ascii_only, also=also, over=over) for p in previews)
    return "".join(drawn) + "".join(f"{line}\n" for line in lines)
