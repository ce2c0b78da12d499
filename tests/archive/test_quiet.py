"""A worker minds the archive it was given, and nothing else: no user configuration, no print, no keyring."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import mast_tui

from .servers import Asked, Reply, a_page, scripted_server

ROOT = Path(mast_tui.__file__).resolve().parents[1]

ASK_ONE_PAGE = """
import asyncio, sys
from mast_tui.archive import Archive
from mast_tui.core.errors import MastTuiError
from mast_tui.core.host import parse_host
from mast_tui.core.query import Position, Query
async def main():
    archive = Archive(parse_host(sys.argv[1]), page_size=5)
    await archive.start()
    page = await archive.page(Query("", Position(1.0, 2.0, 0.2)), 1)
    try:
        await archive.page(Query("", Position(1.0, 2.0, 0.2)), 2)
    except MastTuiError as error:
        print(page.total, error.kind)
    await archive.close()
asyncio.run(main())
"""


def test_the_users_astropy_configuration_redirects_nothing_logs_nothing_and_nothing_is_printed(
    tmp_path: Path,
) -> None:
    def answer(asked: Asked) -> Reply:
        return a_page(asked, 7) if asked.page == 1 else Reply(400, b"no")

    with scripted_server() as server, scripted_server() as wrong:
        server.script = answer
        log = tmp_path / "astropy.log"
        for folder in (tmp_path / ".astropy" / "config", tmp_path / ".config" / "astropy"):
            folder.mkdir(parents=True)
            (folder / "astroquery.cfg").write_text(f"[mast]\nserver = {wrong.base}\ntimeout = 1\npagesize = 3\n")
            (folder / "astropy.cfg").write_text(
                f"[logger]\nlog_level = DEBUG\nlog_to_file = True\nlog_file_path = {log}\nlog_file_level = DEBUG\n"
            )
        environment = {
            **os.environ,
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / ".config"),
            "ASTROPY_CONFIG_DIR": str(tmp_path / ".config" / "astropy"),
            "PYTHONPATH": str(ROOT),
            "MAST_API_TOKEN": "SEKRIT",
        }
        before = {p for p in tmp_path.rglob("*") if p.is_file()}
        done = subprocess.run(
            [sys.executable, "-c", ASK_ONE_PAGE, server.base],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.stdout, done.stderr, done.returncode) == ("7 invalid_query\n", "", 0)
        assert wrong.asked == []
        assert server.services() == ["Mast.Caom.Cone", "Mast.Caom.Cone"]
        assert all(a.mashup["pagesize"] == 5 and "SEKRIT" not in str(a) for a in server.asked)
        assert {p for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_folder_with_a_booby_trap_is_a_safe_place_to_work_in(tmp_path: Path) -> None:
    for name in ("json.py", "requests.py", "astroquery.py", "mast_tui.py"):
        (tmp_path / name).write_text("open('sprung', 'w').close()\n")
    with scripted_server() as server:
        server.script = lambda asked: a_page(asked, 7) if asked.page == 1 else Reply(400)
        done = subprocess.run(
            [sys.executable, "-P", "-c", ASK_ONE_PAGE, server.base],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.stdout == "7 invalid_query\n", done.stderr
    assert not (tmp_path / "sprung").exists()
