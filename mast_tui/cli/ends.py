"""How a run ends: the exit code, the sentence on stderr, the JSON of an error, the report of a defect.

0  done                         3  the archive can't be reached, or answered with an error of its own
1  failed, wholly or in part    4  not allowed: log in, or wait until the data are public
2  the question was wrong     130  interrupted (141: the reader of a pipe went away; 128+n: signal n)
"""

from __future__ import annotations

import contextlib
import os
import sys
from types import TracebackType
from typing import Any, NoReturn

import click

from mast_tui.cli import talk
from mast_tui.core.errors import MastTuiError
from mast_tui.core.text import clean

DONE, FAILED, USAGE, UNREACHABLE, NOT_ALLOWED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 4, 130, 141


def of_error(error: MastTuiError, as_json: bool) -> int:
    """Tell an error of the family; its exit code."""
    _tell(str(error), error.to_json(), as_json)
    return error.exit_code


def of_usage(error: click.ClickException, as_json: bool) -> int:
    """Tell what is wrong with the command line itself; of a verb that needs a word after it, its help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        talk.say(error.format_message())
        return error.exit_code
    what = " ".join(clean(error.format_message(), 500).split())
    what += "" if what.endswith((".", "?", "!")) else "."
    hint = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f" Try {error.ctx.command_path.strip()} --help."
    _tell(what + hint, {"kind": "usage", "what": what, "why": "", "next_step": hint.strip()}, as_json)
    return error.exit_code


def of_interrupt(as_json: bool) -> int:
    _tell("Interrupted.", {"kind": "cancelled", "what": "interrupted", "why": "", "next_step": ""}, as_json)
    return INTERRUPTED


def of_closed_pipe() -> int:
    """The reader (`head`) has had enough: no word about it."""
    _let_go_of_stdout()
    return PIPE_CLOSED


def _let_go_of_stdout() -> None:
    """What can't be written must not be tried again at Python's own end, which would complain and change the code."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def of_local(error: OSError, as_json: bool) -> int:
    """A file or a folder said no, at a place that has no better words for it."""
    try:
        sys.stdout.flush()
    except OSError:
        _let_go_of_stdout()
    where = f"{clean(error.filename, 200)}: " if error.filename is not None else ""
    what = f"{where}{clean(error.strerror or error, 200)}"
    _tell(f"{what}.", {"kind": "local", "what": what, "why": "", "next_step": ""}, as_json)
    return FAILED


def report_defect(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """Python's last hook: for a mistake of this program one sentence and a report without the values of variables."""
    from mast_tui.tui.crash import write_report

    what = f"mast-tui has a defect: {type(error).__name__}"
    where = write_report(error)
    _tell(f"{what}. {where}.", {"kind": "defect", "what": what, "why": where, "next_step": ""}, "--json" in sys.argv)


def leave(code: int) -> NoReturn:
    """End the process now, whatever its threads do, with all that was said on its way."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _tell(sentence: str, data: dict[str, Any], as_json: bool) -> None:
    talk.say(f"mast-tui: {sentence}")
    if as_json:
        try:
            talk.out_json({"error": data})
            sys.stdout.flush()
        except BrokenPipeError:
            of_closed_pipe()
