"""What all verbs share: which archive, from which settings, and whether answers are wanted as JSON.

The options that choose these stand before the verb or after it; `world_options` gives them to a verb. The `Scene` is
click's context object, one a run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from mast_tui.core.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
MAX_DEMO_ROWS = 500_000


@dataclass
class Scene:
    """The choices made on the command line so far."""

    demo: bool = False
    archive: str | None = None
    rows: int | None = None
    json: bool = False
    colors: str | None = None
    low_bandwidth: str | None = None

    def settings(self, **overrides: Any) -> Settings:
        """The settings in force, with what the command line says; a sentence for a choice that makes no sense."""
        from mast_tui.core.settings import load

        if self.demo and self.archive is not None:
            raise click.UsageError("--demo and --archive can't be used together: the demo is an archive of its own.")
        if self.rows is not None and not self.demo:
            raise click.UsageError("--rows adds observations to the embedded archive: use it with --demo.")
        of_app = {"colors": self.colors, "low_bandwidth": self.low_bandwidth}
        return load(overrides={"archive": self.archive, **of_app, **overrides})


def _choose(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if value is not None and value is not False:
        setattr(context.ensure_object(Scene), str(parameter.name), value)


def world_options(command: F) -> F:
    """--demo, --archive and --rows: which archive is spoken to."""
    for option in (
        click.option(
            "--rows",
            type=click.IntRange(0, MAX_DEMO_ROWS),
            metavar="N",
            expose_value=False,
            callback=_choose,
            help="With --demo: add N simulated observations over the sky.",
        ),
        click.option(
            "--archive",
            metavar="URL",
            expose_value=False,
            callback=_choose,
            help="Another archive: https, or http on this machine.",
        ),
        click.option(
            "--demo",
            is_flag=True,
            expose_value=False,
            callback=_choose,
            help="The embedded archive of simulated and sample data; needs no network.",
        ),
    ):
        command = option(command)
    return command


def app_options(command: F) -> F:
    """--colors and --low-bandwidth: how the app is drawn on this terminal."""
    for option in (
        click.option(
            "--low-bandwidth",
            type=click.Choice(["auto", "on", "off"]),
            expose_value=False,
            callback=_choose,
            help="Send less at once, refine when the line is quiet: where the link is slow (auto), always, never.",
        ),
        click.option(
            "--colors",
            type=click.Choice(["auto", "truecolor", "256", "16", "none"]),
            expose_value=False,
            callback=_choose,
            help="Colours of the app: as the terminal says (auto), or these.",
        ),
    ):
        command = option(command)
    return command


def json_option(command: F) -> F:
    """--json: the answer, and errors too, as one JSON object on stdout."""
    return click.option(
        "--json", is_flag=True, expose_value=False, callback=_choose, help="Answer, and errors, as one JSON object."
    )(command)


def scene() -> Scene:
    """The choices of the run that is going on."""
    return click.get_current_context().ensure_object(Scene)


_MARK = "\0"


def as_words(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The callback of a TARGET argument of a `TargetCommand`."""
    return tuple(word.removeprefix(_MARK) for word in value)


class TargetCommand(click.Command):
    """A verb whose TARGET may be typed without quotes: `search pi Men`, `search 270.904 -24.387`.

    A dash before a digit is a declination and no option; it is marked until `as_words` takes the mark away.
    """

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        with_value = {name for p in self.params if isinstance(p, click.Option) and not p.is_flag for name in p.opts}
        marked = []
        for before, word in zip(["", *arguments], arguments, strict=False):
            number = len(word) > 1 and word[0] == "-" and word[1] in ".0123456789"
            marked.append(_MARK + word if number and before not in with_value else word)
        return super().parse_args(context, marked)
