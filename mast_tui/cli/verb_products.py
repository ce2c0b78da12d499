"""`mast-tui products OBSID…`: the files of observations, each once, calibrated science first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.products import ProductSet
    from mast_tui.core.table import ColumnTable

TABLE_COLUMNS = (
    *("productFilename", "size", "productType", "calib_level", "productSubGroupDescription", "dataRights"),
    *("description", "dataURI"),
)


@click.command(short_help="The files of observations.")
@click.argument("ids", nargs=-1, required=True, metavar="OBSID…")
@click.option("--all", "everything", is_flag=True, help="Raw, auxiliary and preview files too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "jsonl", "csv", "votable", "ecsv")),
    help="How the rows are written; by default table.",
)
@world_options
@json_option
def command(ids: tuple[str, ...], everything: bool, form: str | None) -> int:
    """The files of observations; by default only calibrated science.

    OBSID is the product group, a number (column obsid of `search`); an observation's own id (column obs_id) is looked
    up first. The answer of --json or --format csv goes into `mast-tui get --from`.
    """
    choices = scene()
    if choices.json:
        if form not in (None, "json"):
            raise click.UsageError(f"--json and --format {form} can't be used together.")
        form = "json"
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        groups, unknown = await product_groups(controller, ids)
        found = await controller.products(groups, notice=talk.notice) if groups else None
        talk.wipe()
        code = _write(controller, found, everything, form or "table") if found is not None else ends.FAILED
        from mast_tui.core.text import clean

        for name in unknown:
            talk.say(f"mast-tui: there is no observation “{clean(name, 80)}”.")
        return ends.FAILED if unknown else code

    return run_verb(work, choices)


async def product_groups(controller: Controller, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """The product groups (obsid) of these ids, and the ids that no observation has."""
    from mast_tui.core.query import Criterion, Query

    numbers = [word for word in ids if word.isascii() and word.isdigit()]
    names = [word for word in ids if word not in numbers]
    groups: dict[str, list[str]] = {number: [number] for number in numbers}
    if names:
        search = await controller.search(Query("", None, (Criterion("obs_id", values=tuple(dict.fromkeys(names))),)))
        search.load_all()
        await search.run()
        if search.error is not None:
            raise search.error
        for row in range(len(search.table)):
            name, group = search.table.value(row, "obs_id"), search.table.value(row, "obsid")
            groups.setdefault(str(name), []).append(str(group))
    # the archive compares ids without regard to case
    lower = {name.lower(): found for name, found in groups.items()}
    wanted = dict.fromkeys(group for word in ids for group in lower.get(word.lower(), ()))
    return list(wanted), [word for word in ids if word.lower() not in lower]


def _write(controller: Controller, found: ProductSet, everything: bool, form: str) -> int:
    import numpy as np

    from mast_tui.core.text import human_bytes, plural

    if not len(found):
        talk.say("mast-tui: the archive lists no files for this.")
        return ends.FAILED
    chosen = np.ones(len(found), dtype=np.bool_) if everything else found.calibrated_science()
    rows = [int(row) for row in np.flatnonzero(chosen)]
    if form == "json":
        talk.out_json(
            {
                "archive": controller.archive_name,
                "simulated": controller.demo,
                "files": [_file(found, row) for row in rows],
                "not_shown": len(found) - len(rows),
            }
        )
    else:
        _write_rows(controller, _only(found.table, rows), form)
    shown, rest = found.amount(chosen), found.amount(~chosen)
    unknown = f", {shown.unknown} of unknown size" if shown.unknown else ""
    talk.say(f"{plural(shown.files, 'file')}, {human_bytes(shown.bytes)}{unknown}.")
    if rest.files:
        talk.say(
            f"{plural(rest.files, 'raw, auxiliary or preview file')} ({human_bytes(rest.bytes)}) not shown; --all does."
        )
    exclusive = int((found.exclusive() & chosen).sum())
    if exclusive:
        talk.say(f"{plural(exclusive, 'file')} of exclusive access: log in to fetch what you may have.")
    return ends.DONE if rows else ends.FAILED


def _file(found: ProductSet, row: int) -> dict[str, Any]:
    """One file as `get --from` reads it, with all the archive says of it."""
    from mast_tui.cli.formats import json_row

    try:
        path: str | None = found.item(row).path
    except ValueError:
        path = None
    table = found.table
    return {"uri": found.uri(row), "path": path, **json_row(table, row, table.names)}


def _write_rows(controller: Controller, table: ColumnTable, form: str) -> None:
    from mast_tui.cli import formats

    if form == "table":
        names = tuple(name for name in TABLE_COLUMNS if name in table.names)
        if len(table) and formats.write_rows_as_table(table, names):
            talk.say("Some columns did not fit; another --format has them all.")
        return
    talk.data_in_utf8()
    if form in ("csv", "jsonl"):
        writer = formats.RowWriter(form, table.names)
        writer.write_new(table)
        writer.end()
    else:
        about = {"archive": controller.archive_name, "simulated": controller.demo}
        formats.write_finished(form, table, table.names, about)


def _only(table: ColumnTable, rows: Sequence[int]) -> ColumnTable:
    """The chosen rows as a table of their own."""
    from mast_tui.core.columns import product_column
    from mast_tui.core.table import ColumnTable

    types = {"str": "string", "float": "double", "int": "long", "bool": "boolean"}
    fields = [{"name": c.name, "type": types[c.kind]} for c in table.columns]
    return ColumnTable.from_rows(fields, [table.row(row) for row in rows], product_column)
