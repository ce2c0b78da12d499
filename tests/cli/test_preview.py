"""`mast-tui preview` in scripts: numbers, pictures and sounds of curves, what was done to them, and what is refused."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import wave
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from tests.cli.conftest import REPOSITORY, Command
from tests.preview import made_files

OBSERVATION = "tess2018206045859-s0001-0000000261136679-0120-s"
URI = f"mast:TESS/product/{OBSERVATION}_lc.fits"


def binary(mast: Command, *words: str) -> bytes:
    """What a run writes to stdout, as bytes."""
    command = [sys.executable, "-m", "mast_tui.cli", "preview", *words]
    done = subprocess.run(command, capture_output=True, env=mast.environment, cwd=REPOSITORY, timeout=90)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_numbers_come_as_a_table_with_units_and_what_was_done(mast: Command) -> None:
    ran = mast("preview", URI, "--format", "csv", "--normalise", "--bin", "0.05")
    table = Table.read(ran.out, format="ascii.ecsv")
    item = mast("preview", URI, "--json").json["items"][0]
    assert ran.code == 0 and table.colnames[:2] == ["TIME", "PDCSAP_FLUX"]
    assert str(table["TIME"].unit) == "d"
    assert table.meta["steps"][0] == "normalised" and table.meta["steps"][1].startswith("bins of")
    assert len(table) < item["n_good"]
    assert item["x"]["min"] <= table["TIME"][0] <= table["TIME"][-1] <= item["x"]["max"]


def test_without_steps_the_numbers_are_those_of_the_file(mast: Command) -> None:
    table = Table.read(mast("preview", URI, "--format", "csv").out, format="ascii.ecsv")
    item = mast("preview", URI, "--format", "json").json["items"][0]
    assert len(table) == item["n_good"]
    assert float(np.median(table["PDCSAP_FLUX"])) == item["y"]["median"]


def test_a_picture_and_a_sound_go_to_a_pipe_or_to_a_file_by_its_ending(mast: Command, tmp_path: Path) -> None:
    svg = ElementTree.fromstring(mast("preview", URI, "--format", "svg").out.encode())
    said = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "SIMULATED DATA" in said
    assert binary(mast, URI, "--format", "png", "--size", "80x24")[16:24] == bytes((0, 0, 3, 32, 0, 0, 1, 224))
    for name, begin in (("a.png", b"\x89PNG\r\n"), ("a.wav", b"RIFF"), ("a.svg", b"<?xml"), ("a.csv", b"# %ECSV")):
        ran = mast("preview", URI, "--output", str(tmp_path / name))
        assert (ran.code, ran.out) == (0, "")
        assert (tmp_path / name).read_bytes().startswith(begin)
    with wave.open(io.BytesIO((tmp_path / "a.wav").read_bytes())) as sound:
        assert 5 <= sound.getnframes() / sound.getframerate() <= 10
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != "") == ["a.csv", "a.png", "a.svg", "a.wav"]


def test_bytes_are_not_poured_into_a_terminal(mast: Command) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "mast_tui.cli", "preview", URI, "--format", "wav"]
    ran = subprocess.run(command, stdout=follower, stderr=subprocess.PIPE, env=mast.environment, cwd=REPOSITORY,
                         timeout=90)  # fmt: skip
    os.close(follower)
    os.close(leader)
    assert ran.returncode == 2
    assert b"--output FILE.wav" in ran.stderr


def test_a_curve_is_folded_and_says_so(mast: Command) -> None:
    ran = mast("preview", URI, "--flatten", "--fold", "6.268", "--epoch", "1325.5", "--size", "90x30")
    assert ran.code == 0
    assert "Phase" in ran.out and "folded at 6.268 d" in ran.out and "flattened over 1.5 d" in ran.out
    assert len(ran.out.splitlines()) <= 30 and max(map(len, ran.out.splitlines())) <= 90


def test_a_summary_in_words_for_who_can_not_see_the_plot(mast: Command) -> None:
    ran = mast("preview", URI, "--words")
    assert ran.code == 0
    assert "good points of" in ran.out.splitlines()[0] and "percent) are masked" in ran.out
    assert "simulated data" in ran.out
    assert mast("preview", URI, "--words", "--json").json["words"] == ran.out


@pytest.fixture
def two_sectors(tmp_path: Path) -> tuple[str, str]:
    first, second = (made_files.spoc_light_curve(tmp_path / f"s{k}_lc.fits") for k in (1, 2))
    return str(first), str(second)


def test_several_files_are_drawn_over_each_other_or_stitched(mast: Command, two_sectors: tuple[str, str]) -> None:
    over = mast("preview", *two_sectors)
    assert over.code == 0 and "together with s2_lc.fits" in over.out
    alone = Table.read(mast("preview", two_sectors[0], "--format", "csv").out, format="ascii.ecsv")
    together = Table.read(mast("preview", *two_sectors, "--stitch", "--format", "csv").out, format="ascii.ecsv")
    assert len(together) == 2 * len(alone)
    assert "2 light curves stitched" in together.meta["steps"][-1]
    assert len(mast("preview", *two_sectors, "--json").out.splitlines()) == 2


def test_a_damaged_file_among_others_is_told_and_the_others_are_shown(
    mast: Command, two_sectors: tuple[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.fits"
    broken.write_bytes(b"SIMPLE  =                    T" + b" " * 100)
    ran = mast("preview", two_sectors[0], str(broken))
    assert ran.code == 1
    assert "PDCSAP" in ran.out and "broken.fits" in ran.err
    kinds = [
        json.loads(line)["kind"] for line in mast("preview", two_sectors[0], str(broken), "--json").out.splitlines()
    ]
    assert kinds == ["lightcurve", "unreadable"]


def test_what_makes_no_sense_is_refused_in_a_sentence(
    bare: Command, two_sectors: tuple[str, str], tmp_path: Path
) -> None:
    curve = two_sectors[0]
    plain = tmp_path / "notes.txt"
    plain.write_text("a line\n")
    flagged = made_files.spoc_light_curve(tmp_path / "flagged.fits")
    with fits.open(flagged, mode="update") as hdus:
        hdus[1].data["QUALITY"] = 8
    for words, code, said in (
        ([curve, "--epoch", "3"], 2, "use it with --fold"),
        ([curve, "--fold", "-3"], 2, "a period in days"),
        ([curve, "--fold", "soon"], 2, "a period in days"),
        ([curve, "--fold", "3", "--time", "utc"], 2, "--time can't be used"),
        ([curve, "--bin", "0"], 2, "--bin"),
        ([curve, "--json", "--format", "csv"], 2, "can't be used together"),
        ([curve, "--info", "--format", "png"], 2, "are text"),
        ([curve, "--output", str(tmp_path / "a.xyz")], 2, "add --format"),
        ([curve, "--unit", "parsec"], 2, "can't be shown in parsec"),
        ([str(plain), "--normalise"], 2, "no curve or spectrum"),
        ([str(flagged), "--normalise"], 2, "no good point to work on. Try --quality none"),
        ([str(plain), "--format", "wav"], 2, "nothing to write as wav"),
        ([str(plain), "--format", "svg"], 2, "nothing to draw"),
        ([curve, "--output", str(tmp_path / "no" / "such" / "folder" / "a.png")], 1, "No such file or directory"),
    ):
        ran = bare("preview", *words)
        assert (ran.code, ran.out) == (code, "") or "--json" in words, (words, ran)
        assert ran.code == code and said in ran.err, (words, ran)


def transiting(path: Path, period_d: float = 2.5, n: int = 8000) -> str:
    """A CSV of a star with a box-shaped dip of one percent every `period_d` days over 25 days."""
    x = 2458000.0 + np.linspace(0, 25, n)
    y = 1 + 0.001 * np.random.default_rng(5).standard_normal(n)
    y[np.abs((x - x[0] - 1.0 + period_d / 2) % period_d - period_d / 2) < 0.06] -= 0.01
    path.write_text("time,flux\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True)))
    return str(path)


def test_a_period_is_found_told_in_words_and_folded_at(bare: Command, tmp_path: Path) -> None:
    star = transiting(tmp_path / "star.csv")
    found = bare("preview", star, "--periodogram", "bls", "--json").json
    assert found["items"][0]["n_good"] == 8000, "items describe the file"
    search = found["periodogram"]
    assert search["period_d"] == pytest.approx(2.5, rel=1e-3)
    assert search["verdict"]["kind"] == "planet-like" and search["verdict"]["tests"]
    drawn = bare("preview", star, "--periodogram", "bls", "--size", "100x30")
    assert drawn.code == 0
    assert search["verdict"]["words"].split()[0] in drawn.out and "Period" in drawn.out
    assert len(drawn.out.splitlines()) <= 30
    table = Table.read(bare("preview", star, "--fold", "best", "--format", "csv").out, format="ascii.ecsv")
    assert float(np.median(table["flux"][np.abs(table["phase"]) < 0.01])) == pytest.approx(0.99, abs=0.002)
