"""Pictures of the screen as text files that can be read and compared line by line.

Above: what stands in each cell. Below: a letter for the style of each cell, and what the letters mean. A change of a
colour or of a bold word shows as well as a change of a word. `pytest --pictures-update` writes them anew.
"""

from __future__ import annotations

import asyncio
import re
import string
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style

FOLDER = Path(__file__).parent.parent / "snapshots"
#: So long may the screen take to become as it was recorded, and it must stay so long as it is to be recorded.
_PATIENCE_S, _STEADY_S = 10.0, 0.5
_LETTERS = "." + string.ascii_letters + string.digits

#: What differs from run to run, and what stands for it, of the same length, so that the layout does not depend on it.
_VARYING = (
    (re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}"), "YYYYMMDDThhmmssZ-xxxxxx"),
    (re.compile(r"127\.0\.0\.1:\d{5}"), "127.0.0.1:#####"),
    (re.compile(r"127\.0\.0\.1:\d{3}…"), "127.0.0.1:###…"),
    (re.compile(r"mtp-[0-9a-f]{8}"), "mtp-########"),
    (re.compile(r"\d\d:\d\d:\d\dZ"), "hh:mm:ssZ"),
)


def _today(shown: str) -> str:
    """Dates that count from today: of a session, and of the release of the demo's exclusive data."""
    today = datetime.now(UTC).date()
    for days, stand_in in ((0, "(- today-)"), (200, "(-in 200d)")):
        shown = shown.replace((today + timedelta(days=days)).isoformat(), stand_in)
    return re.sub(r"\(- today-\) \d\d:\d\d", "(- today-) hh:mm", shown)


def screen_text(app: Any) -> str:
    """What stands on the app's screen now."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


def picture(app: Any) -> str:
    """The app's screen now."""
    lines, styles = [], []
    letters: dict[str, str] = {}
    for strip in app.screen._compositor.render_strips():
        text, marks = "", ""
        for segment in strip:
            words = _style_words(segment.style)
            letter = letters.setdefault(words, _LETTERS[len(letters) % len(_LETTERS)])
            text += segment.text
            marks += letter * len(segment.text)
        lines.append(text.rstrip())
        styles.append(marks)
    meaning = [f"{letter} {words}" for words, letter in letters.items()]
    shown = "\n".join(lines)
    for pattern, stand_in in _VARYING:
        shown = pattern.sub(stand_in, shown)
    shown = _today(shown)
    return "\n".join([shown, "─" * 20, *(_runs(m) for m in styles), "─" * 20, *meaning]) + "\n"


def _runs(marks: str) -> str:
    """'aaaab' as 'a4 b': short, and a diff shows where a style begins."""
    return " ".join(f"{m[0][0]}{len(m[0])}" for m in re.finditer(r"(.)\1*", marks))


def _style_words(style: Style | None) -> str:
    if style is None:
        return "plain"
    plain = Style(
        color=style.color,
        bgcolor=style.bgcolor,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
    )
    return str(plain) or "plain"


async def compare(request: pytest.FixtureRequest, name: str, app: Any) -> None:
    """Fail with the first differing lines unless the screen is, or becomes by itself, as it was recorded."""
    path = FOLDER / f"{name}.txt"
    now = picture(app)
    if request.config.getoption("--pictures-update"):
        await asyncio.sleep(_STEADY_S)
        while now != (now := picture(app)):
            await asyncio.sleep(_STEADY_S)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
        return
    if not path.exists():
        pytest.fail(f"there is no picture {path.name} yet; look at this one, then run with --pictures-update\n{now}")
    before = path.read_text(encoding="utf-8")
    end = time.monotonic() + _PATIENCE_S
    while before != now and time.monotonic() < end:
        await asyncio.sleep(0.05)
        now = picture(app)
    if before != now:
        differing = [
            f"  was: {a}\n  now: {b}"
            for a, b in zip(before.splitlines(), now.splitlines() + [""] * 200, strict=False)
            if a != b
        ]
        pytest.fail(f"{path.name} differs in {len(differing)} lines:\n" + "\n".join(differing[:12]))
