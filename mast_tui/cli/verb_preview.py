"""`mast-tui preview FILE|URI…`: a light curve, spectrum, image or table in text; its numbers, a picture, a sound."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.preview_files import FORMS, form_of, made, put, refuse_terminal
from mast_tui.cli.preview_steps import BEST, Steps, Worked, numbered, search_json, worked
from mast_tui.cli.scene import json_option, scene, world_options
from mast_tui.core.errors import InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mast_tui.controller import Controller
    from mast_tui.core.look import Preview, Series

MIN_SIZE, MAX_SIZE = (20, 8), (500, 200)
#: Files that are drawn together; more would be told apart by nobody.
MAX_FILES = 30
_DAYS = click.FloatRange(min=0, min_open=True)
#: --flatten without DAYS: lightkurve's window for a mission's usual transits.
_FLATTEN_D = 1.5


def _size(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text.strip())
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(low <= n <= high for n, low, high in zip(size, MIN_SIZE, MAX_SIZE, strict=True)):
        raise click.BadParameter(
            f"write COLUMNSxROWS, from {_written(MIN_SIZE)} to {_written(MAX_SIZE)}, such as 120x35"
        )
    return size


def _written(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _period(_context: click.Context, _parameter: click.Parameter, text: str | None) -> float | None:
    """Days; 0 for the best one that a search finds."""
    if text is None or text.strip().lower() == BEST:
        return None if text is None else 0.0
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days < float("inf"):
        raise click.BadParameter(f"write a period in days, such as 6.268, or {BEST}")
    return days


@click.command(short_help="A file drawn in text; its numbers, a picture or a sound.")
@click.argument("wheres", metavar="FILE|URI", nargs=-1, required=True)
@click.option("--size", callback=_size, metavar="120x35", help="Columns and rows; of a picture 10 x 20 points each.")
@click.option("--format", "given_form", type=click.Choice(FORMS), help="By default text, or what FILE ends in.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there, in place of what is there.",
)
@click.option("--hdu", type=click.IntRange(min=0), metavar="N", help="This part of the file.")
@click.option("--row", type=click.IntRange(min=0), metavar="N", help="This row of a table of spectra.")
@click.option("--plane", type=click.IntRange(min=0), metavar="N", help="This plane, frame or integration of a cube.")
@click.option("--column", metavar="NAME", help="This column as y, such as SAP_FLUX.")
@click.option(
    "--quality", type=click.Choice(("none", "default", "hard")), default="default", help="Which flagged points go."
)
@click.option("--unit", metavar="U", help="This unit of y or of x, such as Jy or um.")
@click.option("--normalise", "--normalize", is_flag=True, help="Relative flux.")
@click.option(
    "--flatten", is_flag=False, flag_value=_FLATTEN_D, type=_DAYS, metavar="[DAYS]",
    help=f"Without trends slower than DAYS ({_FLATTEN_D:g}).",
)  # fmt: skip
@click.option("--bin", "width", type=_DAYS, metavar="WIDTH", help="Means over WIDTH, in the unit of x.")
@click.option("--time", type=click.Choice(("native", "jd", "utc", "days")), help="Times as the mission's, Julian or "
              "calendar dates, or days since the first.")  # fmt: skip
@click.option("--fold", callback=_period, metavar="P", help=f"Over the phase of P days, or of the {BEST} period.")
@click.option("--epoch", type=float, metavar="T", help="With --fold: the time of phase 0, in the file's own time.")
@click.option("--periodogram", type=click.Choice(("bls", "ls")), help="Look for a period: transits, or any variation.")
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
    hdu: int | None,
    row: int | None,
    plane: int | None,
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
    stitch: bool,
    info: bool,
    words: bool,
) -> int:
    """Look at a local FILE or at a file of the archive (mast:…). Several are drawn over each other, or --stitch-ed."""
    choices = scene()
    form = form_of(given_form, output, choices.json)
    choices.json = form == "json"
    steps = Steps(unit, stitch, normalise, flatten, periodogram, fold, epoch, width, time)
    steps.check()
    refuse_terminal(form, output)
    if (info or words) and form not in ("text", "json"):
        raise click.UsageError(f"--info and --words are text: they can't be used with --format {form}.")
    if info and output is not None and form == "text":
        raise click.UsageError("--info goes to stdout: leave --output out, or add --format json.")
    if len(wheres) > MAX_FILES:
        raise click.UsageError(f"At most {MAX_FILES} files are drawn together.")
    asked: dict[str, Any] = {"hdu": hdu, "row": row, "quality": quality, "column": column, "plane": plane}
    asked = {name: value for name, value in asked.items() if value is not None}
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        previews = [await controller.looks.look(where, **asked, notice=talk.passing) for where in wheres]
        talk.wipe()
        readable = [preview for preview in previews if preview.kind != "unreadable"]
        found = await _worked(controller, readable, steps)
        text: str | bytes = ""
        if form == "json":
            text = "".join(_json(preview, found, info, words) for preview in previews)
        elif form != "text":
            text = made(readable[0], found, form, size) if readable else ""
        elif info:
            for preview in previews:
                _write_info(preview)
        elif words:
            text = "\n".join(_words(preview, found if k == 0 else None) for k, preview in enumerate(readable))
        else:
            text = _drawn(_shown(previews, readable, found), found, size, controller.settings.plot == "ascii", output)
        if text:
            put(text, output)
        return _end(previews, found, told=form in ("text", "json"))

    return run_verb(work, choices, token=any(where.startswith("mast:") for where in wheres))


async def _worked(controller: Controller, previews: Sequence[Preview], steps: Steps) -> Worked | None:
    """What is drawn of curves and spectra; None for all else. InvalidQuery for steps that need a curve."""
    found: list[Series] = [preview.series[0] for preview in previews if preview.series]
    if found and len(found) == len(previews) and all(series.x.size for series in found):
        return numbered(await worked(controller, found, steps))
    if previews and steps.any:
        odd = next(preview for preview in previews if not preview.series or not preview.series[0].x.size)
        raise InvalidQuery(
            f"{odd.file} has no curve or spectrum to work on", f"It is of kind {odd.kind}", "Leave these options out"
        )
    return None


def _end(previews: Sequence[Preview], found: Worked | None, told: bool) -> int:
    """The exit code; what a period search says where no text could, and what was wrong with files, goes to stderr."""
    if found is not None and found.search is not None and not told:
        talk.say(found.search.verdict.words)
    code = ends.DONE
    for preview in previews:
        if preview.kind == "unreadable":
            code = ends.FAILED
            for problem in preview.problems:
                talk.say(f"mast-tui: {preview.file}: {problem}" if len(previews) > 1 else f"mast-tui: {problem}")
    return code


def _json(preview: Preview, found: Worked | None, info: bool, words: bool) -> str:
    """One object a line; more keys than those of the file itself only where they were asked for."""
    import json

    told = preview.to_json()
    if info:
        told["hdus"] = _hdus(preview)
        told["facts"] = [{"name": f.name, "value": f.value, "meaning": f.meaning} for f in preview.facts]
    if preview.moved is not None:
        told["moved"] = {"bytes": preview.moved.n_bytes, "of_bytes": preview.moved.of_bytes, "how": preview.moved.how}
    if words:
        told["words"] = _words(preview, found)
    if found is not None and found.search is not None:
        told["periodogram"] = search_json(found.search)
    return json.dumps(told) + "\n"


def _words(preview: Preview, found: Worked | None) -> str:
    from mast_tui.plot import takeaway

    series = found.series if found is not None else preview.series[0] if preview.series else None
    if series is None:
        raise InvalidQuery(f"there are no words for {preview.file}", f"It is of kind {preview.kind}", "Choose --info")
    return takeaway.in_words(series, preview.facts) + "\n"


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
    said = found.search.verdict.words if found is not None and found.search is not None else ""
    lines = textwrap.wrap(plot.to_ascii(said) if ascii_only else said, size[0])
    columns, rows = size[0], max(MIN_SIZE[1], size[1] - len(lines))
    drawn = (plot.text(p, columns, rows, colour=colour, ascii_only=ascii_only, also=also, over=over) for p in previews)
    return "".join(drawn) + "".join(f"{line}\n" for line in lines)


def _hdus(preview: Preview) -> list[dict[str, Any]]:
    return [
        {"index": h.index, "name": h.name, "kind": h.kind, "shape": list(h.shape), "columns": list(h.columns)}
        for h in (preview.header.hdus if preview.header is not None else ())
    ]


def _write_info(preview: Preview) -> None:
    from mast_tui.cli.text_table import Heading, write_text_table

    for name, value in (("file", preview.file), ("kind", preview.kind), ("instrument", preview.instrument),
                        ("target", preview.target)):  # fmt: skip
        if value:
            talk.out(f"{name}: {value}")
    for fact in preview.facts:
        talk.out(f"{fact.name}: {fact.value}{f' ({fact.meaning})' if fact.meaning else ''}")
    for problem in preview.problems:
        talk.out(f"problem: {problem}")
    items = [
        (
            item.name,
            item.kind,
            "" if item.hdu is None else str(item.hdu),
            "×".join(str(n) for n in item.shape),
            str(item.n_rows),
            str(item.n_good),
        )
        for item in preview.items
    ]
    if items:
        talk.out()
        write_text_table([Heading(h) for h in ("Can be drawn", "Kind", "HDU", "Shape", "Points", "Good")], items)
    hdus = [
        (str(h["index"]), h["name"], h["kind"], "×".join(str(n) for n in h["shape"]), " ".join(h["columns"]))
        for h in _hdus(preview)
    ]
    if hdus:
        talk.out()
        write_text_table([Heading(h) for h in ("HDU", "Name", "Kind", "Shape", "Columns")], hdus)
