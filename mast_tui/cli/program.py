"""The program: its verbs, found by name and imported only when called, and the guard around every run.

A first word that is no verb is a TARGET: it opens the app.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from mast_tui import __version__
from mast_tui.cli import ends, talk
from mast_tui.cli.scene import Scene, app_options, world_options

#: Verb: the module of its command (attribute `command`), and what `--help` says of it.
VERBS: dict[str, tuple[str, str]] = {
    "resolve": ("resolve", "Where a name is on the sky, by every resolver."),
    "search": ("search", "Observations at a target or by conditions; --count counts them."),
    "products": ("products", "The files of observations."),
    "preview": ("preview", "A light curve, spectrum, image or table, drawn in text."),
    "get": ("get", "Fetch files, verify them, and write their manifest."),
    "queue": ("queue", "What is on its way: list, pause, go on, put in order, wait."),
    "verify": ("verify", "Check fetched files against their manifest."),
    "export": ("export", "A fetch's record as a script, a notebook, a table or a citation."),
    "provenance": ("provenance", "Where a file comes from, and what was made of it."),
    "login": ("login", "Check a token, and keep it in the keyring if asked to."),
    "logout": ("logout", "Forget the token that the keyring keeps."),
    "whoami": ("whoami", "Who the archive takes you for."),
    "config": ("config", "Show the settings and where each comes from."),
    "doctor": ("doctor", "Check this machine, its folders, and the way to the archive."),
    "demo": ("demo", "Serve the embedded archive to other programs."),
}


class Program(click.Group):
    """A group of verbs that are imported late, with the app as what is done when none is named."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module = VERBS[name][0] if name in VERBS else "open_app"
        command = import_module(f"mast_tui.cli.verb_{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = arguments[0]
        if name in VERBS:
            return name, self.get_command(context, name), arguments[1:]
        # all the words are the app's target; it has no name of its own on the command line
        return "", self.get_command(context, ""), arguments

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(context.command_path, "[OPTIONS] [TARGET]")
        formatter.write_usage(context.command_path, "[OPTIONS] VERB …", prefix="       ")

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, about) for name, (_, about) in VERBS.items()])

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_text(
                "0 done; 1 failed or found nothing, wholly or in part; 2 wrong question; 3 archive unreachable; "
                "4 not allowed; 130 interrupted"
            )


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@world_options
@app_options
@click.pass_context
def program(context: click.Context) -> int:
    """The Mikulski Archive for Space Telescopes in a terminal: find, look, take, keep the record.

    Opens the app, at once on TARGET if one is given: a name, coordinates, a TIC, KIC or EPIC number, a proposal, an
    observation. A VERB does one thing without the app.
    """
    if context.invoked_subcommand is None:
        command = program.get_command(context, "")
        assert command is not None
        return int(context.invoke(command))
    return ends.DONE


def run(arguments: Sequence[str] | None = None) -> int:
    """One run of the program; the exit code. A defect of the program itself goes to `ends.report_defect`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    talk.prepare_streams()
    choices = Scene(json="--json" in words)
    sys.excepthook = ends.report_defect
    if "_MAST_TUI_COMPLETE" in os.environ:
        program.main(prog_name="mast-tui")  # the shell asks what may follow; click answers and exits
    try:
        code = _call(words, choices)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return ends.of_closed_pipe()
    except (KeyboardInterrupt, EOFError, click.Abort):
        return ends.of_interrupt(choices.json)
    except OSError as error:
        return ends.of_local(error, choices.json)
    finally:
        talk.wipe()


def _call(words: list[str], choices: Scene) -> int:
    from mast_tui.core.errors import MastTuiError

    try:
        with program.make_context("mast-tui", words, obj=choices) as context:
            answer = program.invoke(context)
        return answer if isinstance(answer, int) else ends.DONE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        raise
    except click.ClickException as error:
        return ends.of_usage(error, choices.json)
    except MastTuiError as error:
        return ends.of_error(error, choices.json)
