"""Make the pictures of the README from the running app on the embedded archive: `python screenshots/make.py`.

Each picture is what the app shows after the keys below were pressed, at 120x40 and 80x24; nothing is drawn by hand.
The folders of the user are not touched: settings, state and files go into a temporary home.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Seconds that one step may take on a slow machine.
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Shot:
    """A picture: the target to open with, then keys, `wait:WORDS` (until the words are on the screen)."""

    name: str
    target: str
    steps: tuple[str, ...]
    size: tuple[int, int] = (120, 40)


TO_FILES = ("wait: of ", "enter", "wait:calibrated science")
SHOTS = (
    Shot("search", "", ("wait:Demo:", "P", "I", "space", "M", "e", "n")),
    Shot("resolve", "M8", ("wait:The resolvers disagree",)),
    Shot("results", "M101", ("wait: of ", "down", "down")),
    Shot("results-80x24", "M101", ("wait: of ", "down", "space", "down"), (80, 24)),
    Shot("files", "TIC 261136679", ("wait: of ", "enter", "wait:calibrated science")),
    Shot(
        "light-curve",
        "TIC 261136679",
        (*TO_FILES, "slash", "_", "l", "c", "enter", "enter", "wait: points"),
    ),
    Shot(
        "period",
        "TIC 375422201",
        (*TO_FILES, "slash", "_", "l", "c", "enter", "enter", "wait: points", "B", "wait:Enter folds"),
    ),
    Shot("exclusive", "proposal 1979", ("wait: of ", "enter", "wait:calibrated science", "wait:Exclusive")),
    Shot(
        "downloads",
        "TIC 261136679",
        (*TO_FILES, "t", "wait:Take these", "enter", "wait:queued", "D", "wait:3 verified"),
    ),
)


def screen_text(app: Any) -> str:
    """What the terminal shows now, as plain text."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


async def take(shot: Shot, write: Callable[[str], None]) -> None:
    from mast_tui.core.settings import load
    from mast_tui.tui.app import MastApp

    app = MastApp(load(), shot.target, demo=True)
    async with app.run_test(size=shot.size) as pilot:
        for step in shot.steps:
            if step.startswith("wait:"):
                until = time.monotonic() + PATIENCE_S
                while step[5:] not in screen_text(app):
                    if time.monotonic() > until:
                        raise SystemExit(f"{shot.name}: “{step[5:]}” never came:\n{screen_text(app)}")
                    await pilot.pause(0.1)
            else:
                await pilot.press(step)
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        # the picture names no font server: whoever looks has a font of equal widths
        svg = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="mast-tui --demo"), flags=re.DOTALL)
        write(svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas"))
        await app.left()


def main() -> None:
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            HOME=home,
            XDG_CONFIG_HOME=f"{home}/config",
            XDG_DATA_HOME=f"{home}/data",
            XDG_STATE_HOME=f"{home}/state",
            XDG_RUNTIME_DIR=home,
            COLORTERM="truecolor",
        )
        os.environ.pop("NO_COLOR", None)
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                target = HERE / f"{shot.name}.svg"
                asyncio.run(take(shot, lambda svg, target=target: target.write_text(svg) and None))  # type: ignore[misc]
                print(f"{target.name}", flush=True)  # noqa: T201 - a script


if __name__ == "__main__":
    main()
