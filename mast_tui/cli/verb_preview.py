"""`mast-tui preview FILE|URI`: a light curve, spectrum, image or table in text, or its numbers in JSON."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.look import Preview

MIN_SIZE, MAX_SIZE = (20, 8), (500, 200)


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


@click.command(short_help="A file drawn in text.")
@click.argument("where", metavar="FILE|URI")
@click.option("--size", callback=_size, metavar="120x35", help="Columns and rows of the drawing.")
@click.option("--format", "form", type=click.Choice(("text", "json")), help="By default text.")
@click.option("--hdu", type=click.IntRange(min=0), metavar="N", help="This part of the file.")
@click.option("--row", type=click.IntRange(min=0), metavar="N", help="This row of a table of spectra.")
@click.option("--column", metavar="NAME", help="This column as y, such as SAP_FLUX.")
@click.option(
    "--quality", type=click.Choice(("none", "default", "hard")), default="default", help="Which flagged points go."
)
@click.option("--info", is_flag=True, help="What is in the file, without a drawing.")
@world_options
@json_option
def command(
    where: str,
    size: tuple[int, int] | None,
    form: str | None,
    hdu: int | None,
    row: int | None,
    column: str | None,
    quality: Literal["none", "default", "hard"],
    info: bool,
) -> int:
    """Look at a local FILE or at a file of the archive (mast:…), which is fetched for it and not kept."""
    choices = scene()
    if form == "json":
        choices.json = True
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        preview = await controller.looks.look(
            where, hdu=hdu, row=row, quality=quality, column=column, notice=talk.passing
        )
        talk.wipe()
        if choices.json:
            talk.out_json(preview.to_json() | ({"hdus": _hdus(preview)} if info else {}))
        elif info:
            _write_info(preview)
        else:
            _draw(preview, size, controller.settings.plot == "ascii")
        if preview.kind == "unreadable":
            for problem in preview.problems:
                talk.say(f"mast-tui: {problem}")
            return ends.FAILED
        return ends.DONE

    return run_verb(work, choices, token=where.startswith("mast:"))


def _draw(preview: Preview, size: tuple[int, int] | None, ascii_only: bool) -> None:
    from mast_tui import plot

    screen = talk.can_wipe(sys.stdout)
    if size is None:
        columns, rows = os.get_terminal_size(sys.stdout.fileno()) if screen else (80, 24)
        size = max(columns, MIN_SIZE[0]), max(rows - 1, MIN_SIZE[1])
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    colour = screen and not os.environ.get("NO_COLOR")
    sys.stdout.write(plot.text(preview, *size, colour=colour, ascii_only=ascii_only or not utf8))


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
