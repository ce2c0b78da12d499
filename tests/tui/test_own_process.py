"""The app's own process stays light: no astropy, no astroquery, whatever it does; no numpy before the first picture."""

from __future__ import annotations

import os
import subprocess
import sys

_SESSION = """
import asyncio, sys, time
from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp

def heavy(*names):
    return sorted(n for n in names if n in sys.modules)

assert heavy("numpy", "astropy", "astroquery", "requests") == [], "before the first picture"

def text(app):
    return "\\n".join("".join(s.text for s in line) for line in app.screen._compositor.render_strips())

async def main():
    app = MastApp(load(overrides={"archive": sys.argv[1]}), "TIC 261136679")
    async with app.run_test(size=(100, 30)) as pilot:
        async def until(words):
            end = time.monotonic() + 40
            while words not in text(app):
                assert time.monotonic() < end, words + " never came:\\n" + text(app)
                await pilot.pause(0.05)
        await until(" of ")
        await pilot.press("enter")
        await until("calibrated science")
        await pilot.press("enter")
        await until(" points")
        await app.left()
    print(heavy("astropy", "astroquery", "requests", "pyvo", "keyring"))

asyncio.run(main())
"""


def test_a_whole_session_loads_no_astropy_and_no_astroquery(demo_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SESSION, demo_url], capture_output=True, text=True, timeout=120, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
