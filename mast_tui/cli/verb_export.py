"""`mast-tui export RECORD --as FORM`: the record of a fetch as a script, a notebook, a table, or what a paper cites."""

from __future__ import annotations

from pathlib import Path

import click

from mast_tui.cli import ends, talk

#: Those of `controller.records.EXPORT_FORMS`, which `--help` does not load.
FORMS = ("script", "notebook", "csv", "ecsv", "bibtex", "acknowledgement", "sha256")


def _schema(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from mast_tui.core.manifest import schema_text

        talk.data_in_utf8()
        talk.out(schema_text().rstrip("\n"))
        context.exit()


@click.command(short_help="A fetch's record as script, notebook, table or citation.")
@click.argument("record", metavar="[MANIFEST|DIR|SESSION]", default="")
@click.option("--as", "form", type=click.Choice(FORMS), required=True, help="What to write.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE|DIR", help="Where to; by default to stdout."
)
@click.option(
    "--schema", is_flag=True, expose_value=False, is_eager=True, callback=_schema, help="The manifest's JSON Schema."
)
def command(record: str, form: str, output: Path | None) -> int:
    """Write the record of a fetch in another form; without a name, that of the newest.

    \b
    script           Python that fetches exactly these files again, and checks
    notebook         the same as a Jupyter notebook
    csv, ecsv        the products, for MAST's Portal and astroquery; ECSV also
                     where all obs_ids are numbers (GALEX)
    bibtex           DOIs of the data, and the software
    acknowledgement  what MAST asks papers to say
    sha256           checksums, for sha256sum -c

    A file that is there already is never replaced.
    """
    from mast_tui.controller.records import export, find_record

    found = find_record(record)
    name, text = export(found, form)
    if output is None:
        talk.data_in_utf8()
        talk.out(text.rstrip("\n"))
    else:
        _write(output.expanduser(), name, text.encode("utf-8", "backslashreplace"))
    without = sum(file.state != "done" for file in found.files)
    if without:
        from mast_tui.core.text import plural

        talk.say(f"{plural(without, 'file')} of this record never came and are left out.")
    return ends.DONE


def _write(output: Path, name: str, content: bytes) -> None:
    from mast_tui.core.errors import LocalFailure
    from mast_tui.core.keep import write_as, write_new
    from mast_tui.core.text import clean

    if output.is_dir():
        output = write_new(output, name, content)
    else:
        try:
            write_as(output, content)
        except FileExistsError:
            raise LocalFailure(f"{clean(output, 200)} is there already", "", "Name another file") from None
    talk.say(f"wrote {clean(output, 300)}")
