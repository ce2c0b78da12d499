"""`mast-tui preview` for scripts: every key of its JSON, where its answer goes, what a wrong question is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from tests.cli.conftest import REPOSITORY, Command
from tests.preview import made_files

WASP_18 = str(REPOSITORY / "mast_tui" / "demo" / "files" / "wasp18b.fits")
WORDS = (str,)
COUNT = (int,)
NUMBER = (int, float)
NOTHING = type(None)
#: Each key of one object and of what kind its value may be; a dictionary where it is an object itself.
FILE: dict[str, Any] = {
    "file": WORDS,
    "kind": WORDS,
    "instrument": (str, NOTHING),
    "target": (str, NOTHING),
    "items": (list,),
    "problems": (list,),
}
AXIS: dict[str, Any] = {"name": WORDS, "label": WORDS, "unit": WORDS, "min": NUMBER, "max": NUMBER}
ITEM: dict[str, Any] = {
    "name": WORDS,
    "hdu": (int, NOTHING),
    "kind": WORDS,
    "x": AXIS,
    "y": {**AXIS, "median": NUMBER},
    "error": (str, NOTHING),
    "n_rows": COUNT,
    "n_good": COUNT,
    "quality": {"column": WORDS, "bitmask": COUNT, "n_flagged": COUNT},
    "time": {"format": WORDS, "offset_jd": NUMBER, "scale": WORDS},
    "shape": (list,),
    "notes": (list,),
}
KINDS = {"lightcurve", "spectrum", "image", "cube", "pixels", "table", "header", "picture", "text", "unreadable"}


def agrees(value: Any, wanted: Any, place: str = "") -> None:
    """`value` has exactly the keys of `wanted`, in that order, with values of its kinds; an object may be null."""
    if isinstance(wanted, dict):
        if value is not None:
            assert list(value) == list(wanted), place
            for key, kinds in wanted.items():
                agrees(value[key], kinds, f"{place}.{key}")
    else:
        assert isinstance(value, wanted) and not isinstance(value, bool), (place, value)


@pytest.fixture
def curve(tmp_path: Path) -> Path:
    return made_files.spoc_light_curve(tmp_path / "curve_lc.fits")


def image(path: Path) -> Path:
    """A small JWST image: 1 MJy/sr is 0.09307 µJy in a pixel."""
    data = np.arange(120, dtype=np.float32).reshape(10, 12)
    data[0, 0] = np.nan
    header = fits.Header({"BUNIT": "MJy/sr", "PIXAR_SR": 9.307e-14})
    primary = fits.PrimaryHDU(header=fits.Header({"TELESCOP": "JWST", "INSTRUME": "NIRCAM"}))
    fits.HDUList([primary, fits.ImageHDU(data, header, name="SCI")]).writeto(path)
    return path


def test_the_json_has_these_keys_and_no_others(bare: Command, curve: Path, tmp_path: Path) -> None:
    table = tmp_path / "plain.csv"
    table.write_text("name,colour\nM8,red\nM9,blue\n")
    text = tmp_path / "notes.txt"
    text.write_text("a line\n")
    broken = tmp_path / "broken.fits"
    broken.write_bytes(b"SIMPLE  =                    T" + b" " * 100)
    met = set()
    for path in (curve, image(tmp_path / "a_cal.fits"), table, text, broken):
        found = bare("preview", str(path), "--format", "json").json
        agrees(found, FILE)
        assert found["file"] == path.name and found["kind"] in KINDS
        for item in found["items"]:
            agrees(item, ITEM, found["kind"])
        assert not found["items"] or found["items"][0]["kind"] == found["kind"], "the first is what the screen shows"
        met.add(found["kind"])
    assert met == {"lightcurve", "image", "table", "text", "unreadable"}


def test_limits_and_medians_are_those_of_the_good_points_in_the_files_unit(bare: Command, curve: Path) -> None:
    with fits.open(curve) as hdus:
        table = hdus[1].data
        flux, time, flag = (np.asarray(table[name]) for name in ("PDCSAP_FLUX", "TIME", "QUALITY"))
    for level, bitmask in (("none", 0), ("default", 17087), ("hard", 24319)):
        good = np.isfinite(flux) & np.isfinite(time) & ((flag & bitmask) == 0)
        item = bare("preview", str(curve), "--json", "--quality", level).json["items"][0]
        assert (item["n_rows"], item["n_good"]) == (flux.size, int(good.sum()))
        assert item["y"]["unit"] == "e-/s" and item["quality"]["column"] == "QUALITY"
        assert item["quality"]["bitmask"] == bitmask
        assert item["quality"]["n_flagged"] == int(((flag & bitmask) != 0).sum())
        for key, expected in (("min", flux[good].min()), ("max", flux[good].max()), ("median", np.median(flux[good]))):
            assert item["y"][key] == pytest.approx(float(expected), rel=1e-6), (level, key)
        assert (item["x"]["min"], item["x"]["max"]) == pytest.approx((time[good].min(), time[good].max()))
        assert item["time"] == {"format": "btjd", "offset_jd": 2457000.0, "scale": "tdb"}


def test_an_answer_never_replaces_a_file_unasked(bare: Command, curve: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("my thesis\n")
    refused = bare("preview", str(curve), "--output", str(mine))
    assert (refused.code, refused.out) == (1, "") and "is there already" in refused.err and "--force" in refused.err
    assert mine.read_text() == "my thesis\n"
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "nowhere.csv")
    assert bare("preview", str(curve), "--output", str(link)).code == 1, "a link to nothing is not followed either"
    assert bare("preview", str(curve), "--output", str(mine), "--force").code == 0
    assert mine.read_text().startswith("# %ECSV")
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".csv") == ["link.csv", "mine.csv"]


def test_a_dash_is_stdout_for_bytes_too(bare: Command, curve: Path) -> None:
    command = [sys.executable, "-m", "mast_tui.cli", "preview", str(curve), "--format", "png", "--output", "-"]
    ran = subprocess.run(command, capture_output=True, env=bare.environment, cwd=REPOSITORY, timeout=90)
    assert ran.returncode == 0 and ran.stdout.startswith(b"\x89PNG\r\n\x1a\n")


def test_flatten_may_stand_right_before_the_file(bare: Command) -> None:
    for words, said in (
        (["--flatten", WASP_18], "flattened over 1.5 d"),
        ([WASP_18, "--flatten"], "flattened over 1.5 d"),
        (["--flatten", "0.8", WASP_18], "flattened over 0.8 d"),
        (["--flatten=0.8", "--", WASP_18], "flattened over 0.8 d"),
    ):
        ran = bare("preview", *words)
        assert ran.code == 0 and said in ran.out, (words, ran)
    assert bare("preview", WASP_18, "--flatten", "-1").code == 2


def test_head_may_go_away(bare: Command, curve: Path) -> None:
    words = f"{sys.executable} -m mast_tui.cli preview {curve}"
    for form in ("text", "csv", "json", "svg", "png"):
        ran = subprocess.run(["sh", "-c", f"{words} --format {form} | head -c 1 >/dev/null"], capture_output=True,
                             env=bare.environment, cwd=REPOSITORY, timeout=90)  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, b""), form


def test_a_wrong_question_is_answered_with_what_there_is(bare: Command, curve: Path) -> None:
    for words, code, said in (
        (["--column", "NOPE"], 2, "It has PDCSAP_FLUX"),
        (["--column", "PDCSAP_FLUXX"], 2, "Did you mean PDCSAP_FLUX?"),
        (["--hdu", "77"], 2, "Its HDUs are 0 to"),
        (["--size", "10x4"], 2, "from 20x5 to 500x200"),
        (["--size", "wide"], 2, "from 20x5 to 500x200"),
        (["--format", "bmp"], 2, "bmp"),
        (["--quality", "soft"], 2, "soft"),
        (["--residual"], 2, "--periodogram bls or --fold best"),
        (["--residual", "--periodogram", "ls"], 2, "--periodogram bls or --fold best"),
    ):
        ran = bare("preview", str(curve), *words)
        assert (ran.code, ran.out) == (code, "") and said in ran.err, (words, ran)
    gone = bare("preview", str(curve.with_name("gone.fits")))
    assert gone.code != 0 and "gone.fits" in gone.err


def test_info_tells_how_good_a_curve_is(bare: Command, curve: Path) -> None:
    item = bare("preview", str(curve), "--json").json["items"][0]
    ran = bare("preview", str(curve), "--info")
    lines = dict(line.split(": ", 1) for line in ran.out.splitlines() if ": " in line)
    assert lines["Rows"] == str(item["n_rows"]) and lines["Good points"].startswith(f"{item['n_good']} (")
    assert lines["Masked"].startswith(f"{item['quality']['n_flagged']} (") and "QUALITY & 17087" in lines["Masked"]
    assert {"Range", "Cadence", "Duty cycle", "Gaps", "Minimum", "Median", "Maximum", "Scatter"} <= set(lines)
    assert lines["file complete"].startswith("yes")
    told = bare("preview", str(curve), "--info", "--json").json
    assert "Duty cycle" in {fact["name"] for fact in told["facts"]} and told["hdus"][1]["columns"]


def test_info_tells_what_a_pixel_is_worth(bare: Command, tmp_path: Path) -> None:
    ran = bare("preview", str(image(tmp_path / "a_cal.fits")), "--info")
    assert "Without data: 1 (0.8 %)" in ran.out and "Median: 60 MJy/sr" in ran.out
    assert "1 MJy/sr: 9.307e-08 Jy/pixel (times PIXAR_SR)" in ran.out


def test_a_sound_comes_with_words_on_stderr(bare: Command, curve: Path, tmp_path: Path) -> None:
    ran = bare("preview", str(curve), "--output", str(tmp_path / "curve.wav"))
    assert ran.code == 0 and ran.out == "" and "good points of" in ran.err and "in the median" in ran.err
    assert (tmp_path / "curve.wav").read_bytes().startswith(b"RIFF")


def test_what_is_left_of_a_planet_s_star_is_searched_again(bare: Command, tmp_path: Path) -> None:
    """One percent every 2.5 d hides 0.4 percent every 4.1 d."""
    x = 2458000.0 + np.arange(8000) * 25 / 8000
    y = 1 + 0.0005 * np.random.default_rng(5).standard_normal(x.size)
    for period, first, depth in ((2.5, 1.0, 0.01), (4.1, 0.7, 0.004)):
        y[np.abs((x - x[0] - first + period / 2) % period - period / 2) < 0.075] -= depth
    star = tmp_path / "two.csv"
    star.write_text("time,flux\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True)))
    found = bare("preview", str(star), "--periodogram", "bls", "--residual", "--json").json["periodogram"]
    assert found["period_d"] == pytest.approx(2.5, rel=1e-3)
    assert found["residual"]["period_d"] == pytest.approx(4.1, rel=1e-3)
    assert found["residual"]["depth"] == pytest.approx(0.004, rel=0.1)
    drawn = bare("preview", str(star), "--fold", "best", "--residual", "--size", "100x30")
    assert "folded at 4.099" in drawn.out and "without the dips every 2.499" in drawn.out
    noise = tmp_path / "noise.csv"
    noise.write_text(
        "time,flux\n" + "".join(f"{a!r},{1 + b % 0.01!r}\n" for a, b in zip(x.tolist(), x.tolist(), strict=True))
    )
    nothing = bare("preview", str(noise), "--periodogram", "bls", "--residual", "--json")
    assert nothing.code == 0 and "no dips" in nothing.err and "residual" not in nothing.json["periodogram"]


def test_units_that_astropy_refuses_make_no_noise(bare: Command, curve: Path, tmp_path: Path) -> None:
    wave = np.linspace(1000.0, 2000.0, 400)
    columns = [
        fits.Column("WAVELENGTH", "D", "ANGSTROMS", array=wave),
        fits.Column("FLUX", "D", "ERGS/CM**2/S/ANGSTRM", array=1e-14 + 0 * wave),
        fits.Column("TEMPERATURE", "D", "(MJy/sr)^2 Celsius", array=wave),
    ]
    odd = tmp_path / "odd_x1d.fits"
    fits.BinTableHDU.from_columns(columns, name="SPECTRUM").writeto(odd)
    warned = {"PYTHONWARNINGS": "always"}
    ran = bare("preview", str(odd), "--json", env=warned)
    assert ran.json["kind"] == "spectrum" and ran.json["items"][0]["y"]["unit"] == "ERGS/CM**2/S/ANGSTRM"
    shown = bare("preview", str(odd), "--unit", "Jy", "--format", "csv", env=warned)
    line = shown.out.splitlines()[-1].split(",")
    assert float(line[1]) == pytest.approx(1e-14 * 2000.0**2 / 2.99792458e18 / 1e-23)
    over_um = bare("preview", str(odd), "--unit", "um", "--format", "csv", env=warned)
    assert float(over_um.out.splitlines()[-1].split(",")[0]) == pytest.approx(0.2), "as it is typed, not µm"
    search = bare("preview", str(curve), "--periodogram", "ls", env=warned)
    assert (ran.err, shown.err, search.err) == ("", "", "") and search.code == 0


def test_info_verifies_the_checksums_of_a_large_file_too(bare: Command, tmp_path: Path) -> None:
    path = tmp_path / "large.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(np.ones((1500, 1500)), name="SCI")]).writeto(path, checksum=True)
    assert "file complete: yes (CHECKSUM, DATASUM ok)" in bare("preview", str(path), "--info").out
