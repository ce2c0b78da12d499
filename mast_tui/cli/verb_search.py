"""`mast-tui search [TARGET]`: observations at a place, by conditions, or both, in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import TargetCommand, as_words, json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller, Search
    from mast_tui.core.table import ColumnTable

#: Rows fetched when no limit is given: a slip of the finger should not ask the archive for millions.
DEFAULT_LIMIT = 10_000
#: What the table for people shows, the key for `products` first.
TABLE_COLUMNS = (
    *("obsid", "obs_collection", "instrument_name", "filters", "target_name", "dataproduct_type", "calib_level"),
    *("t_min", "t_exptime", "distance", "dataRights", "obs_id"),
)
_LIST = "?"


@click.command(cls=TargetCommand, short_help="Observations at a target or by conditions.")
@click.argument("target", nargs=-1, callback=as_words, metavar="[TARGET]")
@click.option("--radius", metavar="ANGLE", help="Around the target: 0.02deg, 1.2arcmin, 72arcsec.")
@click.option(
    "-c",
    "--condition",
    "conditions",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="VALUE: A,B (any of them), * (wildcard), LOW..HIGH (range, dates too). May be repeated.",
)
@click.option("--resolver", metavar="NAME", help="Whose position of a name is used: SIMBAD, NED …")
@click.option("--count", is_flag=True, help="Only how many there are.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"At most N rows; 0 for all. Without it {DEFAULT_LIMIT:,}.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "jsonl", "csv", "votable", "ecsv")),
    help="How the rows are written; by default table.",
)
@click.option(
    "--columns",
    is_flag=False,
    flag_value=_LIST,
    metavar="A,B,…",
    help="Only these columns; alone: list the columns that can be searched by.",
)
@world_options
@json_option
def command(
    target: tuple[str, ...],
    radius: str | None,
    conditions: tuple[str, ...],
    resolver: str | None,
    count: bool,
    limit: int | None,
    form: str | None,
    columns: str | None,
) -> int:
    """Observations at TARGET, by conditions (-c), or both.

    TARGET is a name, coordinates (270.904 -24.387), a TIC, KIC or EPIC number, a proposal (proposal 1979), or an
    observation's id. An exit code of 1 says that nothing was found, or that some pages of the answer could not be had.
    """
    choices = scene()
    if columns == _LIST:
        return list_columns(choices.json)
    if choices.json:
        if form not in (None, "json"):
            raise click.UsageError(f"--json and --format {form} can't be used together.")
        form = "json"
    from mast_tui.cli.running import run_verb

    words = " ".join(target)
    wanted = tuple(name.strip() for name in columns.split(",") if name.strip()) if columns else None

    async def work(controller: Controller) -> int:
        from mast_tui.cli.asking import query_from

        query = await query_from(controller, words, radius, resolver, conditions)
        if count:
            return _say_count(await controller.count(query, notice=talk.notice), query.describe(), form == "json")
        search = await controller.search(query)
        return await _run(
            controller, search, DEFAULT_LIMIT if limit is None else limit or None, form or "table", wanted
        )

    return run_verb(work, choices)


def _say_count(total: int, described: str, as_json: bool) -> int:
    if as_json:
        talk.out_json({"count": total, "query": described})
    else:
        talk.out(str(total))
    return ends.DONE


def list_columns(as_json: bool) -> int:
    """The columns that can be searched by, with their units and meaning."""
    from mast_tui.cli.text_table import Heading, write_text_table
    from mast_tui.core.columns import NOT_QUERYABLE, OBSERVATION_COLUMNS

    known = [c for c in OBSERVATION_COLUMNS if c.name not in NOT_QUERYABLE]
    if as_json:
        keys = ("name", "label", "kind", "unit", "description")
        talk.out_json({"columns": [{key: getattr(c, key) for key in keys} for c in known]})
    else:
        rows = [(c.name, c.label, "range" if c.continuous else "values", c.unit, c.description) for c in known]
        write_text_table([Heading(h) for h in ("Column", "Shown as", "Takes", "Unit", "Meaning")], rows)
    return ends.DONE


async def _run(
    controller: Controller, search: Search, limit: int | None, form: str, wanted: tuple[str, ...] | None
) -> int:
    from mast_tui.cli.formats import RowWriter

    if form != "table":
        talk.data_in_utf8()
    stream = RowWriter(form, wanted) if form in ("csv", "jsonl") else None

    def changed() -> None:
        if wanted is not None:
            _check(search.table, wanted)
        if stream is not None:
            stream.write_new(search.table)
        total = "" if search.total is None else f" of {search.total:,}"
        talk.passing(search.notice or f"{search.loaded:,}{total} rows …")

    search.on_change(changed)
    search.load_all()
    await search.run(limit)
    talk.wipe()
    if search.error is not None:
        raise search.error
    if stream is not None:
        stream.end()
    else:
        _write(controller, search, form, wanted)
    return _sum_up(search, limit)


def _check(table: ColumnTable, wanted: tuple[str, ...]) -> None:
    """A column that the answer does not have is a slip to be told at once, with the nearest name."""
    from mast_tui.core.errors import InvalidQuery
    from mast_tui.core.text import clean, nearest

    for name in wanted if table.names else ():
        if name not in table.names:
            near = nearest(name, table.names)
            raise InvalidQuery(
                f"the answer has no column “{clean(name, 60)}”",
                "",
                f"Did you mean {near}?" if near else f"It has {', '.join(table.names)}",
            )


def _write(controller: Controller, search: Search, form: str, wanted: tuple[str, ...] | None) -> None:
    from mast_tui.cli import formats

    table = search.table
    about: dict[str, Any] = {
        "archive": controller.archive_name,
        "simulated": controller.demo,
        "query": search.query.describe(),
        "total": search.total,
        "complete": search.total == search.loaded,
    }
    if form == "json":
        names = wanted or table.names
        about["query"] = search.query.to_json()
        about["columns"] = formats.json_columns(table, names)
        about["rows"] = [formats.json_row(table, row, names) for row in range(len(table))]
        talk.out_json(about)
    elif form == "table":
        names = wanted or tuple(name for name in TABLE_COLUMNS if name in table.names)
        left_out = formats.write_rows_as_table(table, names) if len(table) else 0
        if left_out:
            talk.say(f"{left_out} columns did not fit; --columns chooses, and another --format has them all.")
    else:
        formats.write_finished(form, table, wanted or table.names, about)


def _sum_up(search: Search, limit: int | None) -> int:
    """On stderr how much of the answer this is; the exit code."""
    from mast_tui.core.text import plural

    if not search.total:
        talk.say(f"Nothing found: {search.query.describe()}.")
        return ends.FAILED
    if search.loaded < search.total:
        more = " --limit 0 takes all." if limit is not None and search.loaded >= limit else ""
        talk.say(f"{search.loaded:,} of {plural(search.total, 'row')}.{more}")
    else:
        talk.say(f"{plural(search.total, 'row')}.")
    for number, error in search.failed_pages.items():
        talk.say(f"mast-tui: page {number} could not be had: {error}")
    return ends.FAILED if search.failed_pages else ends.DONE
