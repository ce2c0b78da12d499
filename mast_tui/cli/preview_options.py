"""How the options of `mast-tui preview` are read: sizes, periods, an optional number of days, where the answer goes."""

from __future__ import annotations

import re
from pathlib import Path

import click

MIN_SIZE, MAX_SIZE = (20, 5), (500, 200)
#: The word for the period that a search finds.
BEST = "best"
#: --flatten without DAYS: lightkurve's window for a mission's usual transits.
FLATTEN_D = 1.5
#: --output for "to stdout, whatever it is".
STDOUT = Path("-")
DIGITS = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(DIGITS)


def size_of(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text.strip())
    cells = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(low <= n <= high for n, low, high in zip(cells, MIN_SIZE, MAX_SIZE, strict=True)):
        raise click.BadParameter(
            f"write COLUMNSxROWS, from {_written(MIN_SIZE)} to {_written(MAX_SIZE)}, such as 120x35"
        )
    return cells


def _written(cells: tuple[int, int]) -> str:
    return f"{cells[0]}x{cells[1]}"


def period_of(_context: click.Context, _parameter: click.Parameter, text: str | None) -> float | None:
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


class PreviewCommand(click.Command):
    """`--flatten` may stand without its DAYS, also right before FILE: only a number is taken for them."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        return super().parse_args(context, with_days(arguments))


def with_days(words: list[str]) -> list[str]:
    """Every `--flatten`, up to a `--`, as `--flatten=DAYS`."""
    told: list[str] = []
    rest = iter(words)
    for word in rest:
        if told and told[-1] == "--flatten":
            if _NUMBER.fullmatch(word):
                told[-1] = f"--flatten={word}"
                continue
            told[-1] = f"--flatten={FLATTEN_D}"
        told.append(word)
        if word == "--":
            break
    if told and told[-1] == "--flatten":
        told[-1] = f"--flatten={FLATTEN_D}"
    return [*told, *rest]
