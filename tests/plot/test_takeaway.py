"""What a user keeps of a look: a picture for a slide, numbers for a notebook, a sound and words for the ear."""

from __future__ import annotations

import io
import wave
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, Extent, Fact, ImageLook, Series, SkyGrid
from mast_tui.plot import Mark
from mast_tui.plot.takeaway import in_words, to_csv, to_png, to_svg, to_wav
from mast_tui.plot.takeaway.image_page import greys
from mast_tui.plot.takeaway.series_page import thinned
from mast_tui.plot.takeaway.wav import HIGH_HZ, LOW_HZ, RATE_HZ, note_pitches
from tests.plot.made_series import image, series, spectrum

SVG = "{http://www.w3.org/2000/svg}"


def transits(n: int = 20_000, depth: float = 0.001, noise: float = 0.0002) -> Series:
    """A star with a dip of 0.1 d every 5 d over 27.8 d, and a gap in the middle."""
    x = 1325.0 + np.arange(n) * 27.8 / n
    y = 1000 * (1 + noise * np.random.default_rng(7).standard_normal(n))
    y[np.abs((x - 1327.0 + 2.5) % 5.0 - 2.5) < 0.05] -= 1000 * depth
    kept = (x < 1338.0) | (x > 1339.5)
    start = int(np.flatnonzero(x > 1339.5)[0] - (~kept).sum())
    return series(x[kept], y[kept], (0, start))


def pixels(data: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def blue(page: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where the first series is drawn."""
    red, green, other = (page[..., k].astype(int) for k in range(3))
    return (other > red + 60) & (green > red)


def words_in(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg.encode()).iter(f"{SVG}text")]


def test_a_picture_says_what_is_drawn_in_which_unit_and_what_was_masked() -> None:
    curve = replace(transits(), steps=("flattened over 1.5 d",))
    said = words_in(to_svg(curve, title="pi Men · TESS"))
    assert "pi Men · TESS" in said
    assert "BTJD (BJD − 2457000, TDB) [d]" in said and "PDCSAP flux [e⁻/s]" in said
    assert any("masked 7 (0.0 %) by QUALITY & 17087" in line and "flattened over 1.5 d" in line for line in said)
    assert {"1330", "1335", "1340"} <= set(said)


def test_a_narrow_dip_of_a_million_points_is_in_the_picture_and_the_file_stays_small() -> None:
    n = 1_200_000
    y = np.ones(n)
    y[400_000:400_010] = 0.9
    line = spectrum(np.linspace(1000.0, 2000.0, n), y)
    page = pixels(to_png(line, y_range=(0.85, 1.05)))
    columns = np.flatnonzero(blue(page[400:560]).any(axis=0))
    assert columns.size, "the dip's bottom"
    svg = to_svg(line, y_range=(0.85, 1.05))
    assert len(svg) < 300_000
    assert ElementTree.fromstring(svg.encode()).tag == f"{SVG}svg"


def test_lines_keep_first_last_lowest_and_highest_of_every_column() -> None:
    generator = np.random.default_rng(3)
    along, up = np.sort(generator.uniform(100, 300, 50_000)), generator.standard_normal(50_000)
    kept = thinned(along, up, 100.0, 300.0)
    assert kept.size <= 4 * 201
    for column in range(100, 300):
        inside = np.flatnonzero((along >= column) & (along < column + 1))
        chosen = up[kept[(along[kept] >= column) & (along[kept] < column + 1)]]
        assert (chosen.min(), chosen.max()) == (up[inside].min(), up[inside].max())
        assert {inside[0], inside[-1]} <= set(kept.tolist())


def test_a_gap_is_not_bridged_and_clipped_points_are_marked() -> None:
    x = np.r_[np.linspace(0, 10, 500), np.linspace(20, 30, 500)]
    y = np.r_[np.zeros(500), np.ones(500)]
    page = pixels(to_png(spectrum(x, y, (0, 500)), y_range=(-0.5, 1.5)))
    middle = page[100:600, 580:660]
    assert not blue(middle).any()
    wild = y.copy()
    wild[250] = 100.0
    assert any(
        "1 beyond the limits" in words for words in words_in(to_svg(spectrum(x, wild, (0, 500)), y_range=(-1, 2)))
    )


def test_magnitudes_grow_downwards_and_simulated_data_say_so() -> None:
    x = np.linspace(0, 10, 100)
    curve = series(x, np.linspace(10, 14, 100), y_axis=Axis("MAG", "Magnitude", "mag", upside_down=True),
                   notes=("simulated data, by the file's own words",))  # fmt: skip
    page = blue(pixels(to_png(curve)))
    first, last = (
        int(np.flatnonzero(page[90:600, columns].any(axis=1)).mean()) for columns in (slice(80, 200), slice(1050, 1160))
    )
    assert first < last, "the bright beginning is above the faint end"
    assert "SIMULATED DATA" in words_in(to_svg(curve))
    assert "SIMULATED DATA" not in words_in(to_svg(replace(curve, notes=())))


def test_a_log_axis_has_decades_and_leaves_out_what_has_no_logarithm() -> None:
    power = spectrum(np.geomspace(0.1, 100, 200), np.r_[-1.0, np.geomspace(1e-3, 10, 199)],
                     x_axis=Axis("P", "Period", "d", log=True), y_axis=Axis("Z", "Power", "", log=True))  # fmt: skip
    said = words_in(to_svg(power))
    assert {"1", "10", "100"} <= set(said)
    assert "nan" not in to_svg(power)


def test_dates_are_written_as_dates() -> None:
    curve = series(
        2458325.5 + np.linspace(0, 27, 100), np.ones(100), x_axis=Axis("TIME", "Date (UTC)", "d", dates=True)
    )
    said = words_in(to_svg(curve))
    assert any(words.startswith("2018-08-") for words in said)
    assert "Date (UTC)" in said


def test_an_overlay_a_line_over_it_and_marks_are_named() -> None:
    curve = transits(500)
    other = replace(curve, name="sector 2", y=curve.y + 5)
    over = replace(curve, name="binned", steps=("binned to 0.1 d",))
    said = words_in(to_svg(curve, also=(other,), over=over, marks=(Mark(1330.0, "period"),), errors=True))
    assert {"sector 2", "binned to 0.1 d", "period"} <= set(said)


def test_errors_are_a_band() -> None:
    x = np.linspace(0, 10, 60)
    curve = series(x, np.zeros(60), error=np.full(60, 1.0))
    plain, banded = (pixels(to_png(curve, y_range=(-2, 2), errors=shown)) for shown in (False, True))
    changed = (plain != banded).any(axis=2)
    rows = np.flatnonzero(changed[:, 600])
    assert rows.size == pytest.approx((700 - 84 - 84) / 2, rel=0.05), "y ± 1 of a field from -2 to 2"


def test_words_of_a_file_can_not_break_the_drawing() -> None:
    curve = transits(100)
    evil = replace(curve, notes=("</text><script>alert(1)</script>",), name="<&>\x1b[31m")
    svg = to_svg(evil, title="<b>&\x1b]0;x\x07", also=(evil,))
    tree = ElementTree.fromstring(svg.encode())
    assert not list(tree.iter(f"{SVG}script")) and "\x1b" not in svg
    assert pixels(to_png(evil, title="<b>&\x1b]0;x\x07")).shape == (700, 1200, 3)


@pytest.mark.parametrize("kind", ["lightcurve", "spectrum"])
@pytest.mark.parametrize(("x", "y"), [((), ()), ((1.0,), (2.0,)), ((1.0, 2.0), (3.0, 3.0))])
def test_few_or_no_points_still_make_a_picture(kind: str, x: tuple[float, ...], y: tuple[float, ...]) -> None:
    few = series(x, y, kind=kind)
    assert pixels(to_png(few, width=400, height=300)).shape == (300, 400, 3)
    assert "nan" not in to_svg(few)


# --- images ---------------------------------------------------------------------------------------------------


def starry() -> ImageLook:
    sky = np.zeros((40, 60))
    sky[10, 50] = 1.0
    sky[30, 5] = np.nan
    return image(sky)


def test_an_image_is_the_right_way_up_with_no_data_told_apart() -> None:
    page = pixels(to_png(starry()))
    rows, columns = np.nonzero((page[84:616] == 255).all(axis=2)[:, 210:880])
    assert rows.size and rows.mean() > 266, "row 10 of 40 is in the lower half"
    assert columns.mean() > 335, "column 50 of 60 is to the right"
    assert (page == (197, 219, 236)).all(axis=2).any(), "the pixel without data"


def test_stretch_and_limits_are_what_was_asked_for() -> None:
    ramp = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)
    middle = {name: int(greys(ramp, 0.0, 1.0, name)[4, 9, 0]) for name in ("linear", "sqrt", "asinh", "log")}
    assert middle["linear"] < middle["sqrt"] < middle["asinh"] < middle["log"]
    assert middle["linear"] == round(255 * 59 / 99)
    said = " ".join(words_in(to_svg(image(ramp, limits=(0.4, 0.6)), stretch="log", limits="minmax")))
    assert "log stretch between minmax limits" in said


def test_north_is_up_where_it_is_and_the_scale_is_right() -> None:
    x, y = np.linspace(0, 59, 5), np.linspace(0, 39, 5)
    ra, dec = np.meshgrid(10.0 - (x - 30) / 3600, -20 + (y - 20) / 3600)
    look = replace(starry(), sky=SkyGrid(x, y, ra, dec))
    tree = ElementTree.fromstring(to_svg(look).encode())
    place = {e.text: (float(e.attrib["x"]), float(e.attrib["y"])) for e in tree.iter(f"{SVG}text")}
    assert place["N"][1] < place["E"][1] - 20 and place["E"][0] < place["N"][0] - 20, "north up, east to the left"
    assert "10″" in place, "60 pixels of about an arcsecond: a bar of a sixth"


def test_a_dynamic_spectrum_has_the_axes_of_its_sides() -> None:
    look = replace(
        starry(),
        extent=Extent(Axis("WAVELENGTH", "Wavelength", "um"), 1.0, 5.0, Axis("TIME", "Time", "d"), 0.0, 0.2),
    )
    assert {"Wavelength [µm]", "Time [d]"} <= set(words_in(to_svg(look)))


# --- numbers --------------------------------------------------------------------------------------------------


def test_the_numbers_come_back_with_units_and_what_was_done() -> None:
    from astropy.table import Table

    curve = replace(
        transits(300),
        error=np.full(transits(300).x.size, 0.25),
        error_name="PDCSAP_FLUX_ERR",
        flags=np.arange(transits(300).x.size),
        steps=("flattened over 1.5 d", "binned to 10 min"),
    )
    read = Table.read(to_csv(curve), format="ascii.ecsv")
    assert read.colnames == ["TIME", "PDCSAP_FLUX", "PDCSAP_FLUX_ERR", "QUALITY"]
    assert np.array_equal(np.asarray(read["TIME"]), curve.x) and np.array_equal(
        np.asarray(read["PDCSAP_FLUX"]), curve.y
    )
    assert str(read["TIME"].unit) == "d" and read["QUALITY"][5] == 5
    assert read.meta["steps"] == ["flattened over 1.5 d", "binned to 10 min"]
    assert (read.meta["quality_bitmask"], read.meta["time_offset_jd"]) == (17087, 2457000.0)


def test_a_program_that_skips_comments_reads_plain_csv() -> None:
    curve = replace(transits(50), error=np.full(transits(50).x.size, np.nan), error_name='a,"b')
    lines = [line for line in to_csv(curve).splitlines() if not line.startswith("#")]
    assert lines[0] == "TIME,PDCSAP_FLUX,a b"
    assert len(lines) == curve.x.size + 1
    assert [float(cell) for cell in lines[1].split(",")[:2]] == [curve.x[0], curve.y[0]]


# --- sound ----------------------------------------------------------------------------------------------------


def test_a_sound_has_the_length_and_form_that_players_know() -> None:
    with wave.open(io.BytesIO(to_wav(transits(), seconds=5))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() == 5 * RATE_HZ
        samples = np.frombuffer(file.readframes(5 * RATE_HZ), "<i2")
    gap = slice(int(5 * RATE_HZ * 13.3 / 27.8), int(5 * RATE_HZ * 14.2 / 27.8))
    assert not samples[gap].any() and np.abs(samples[: gap.start]).max() > 10_000


def test_the_pitch_follows_the_flux() -> None:
    rising = series(np.arange(1000.0), np.arange(1000.0))
    data = to_wav(rising, seconds=4)
    samples = np.frombuffer(data[44:], "<i2").astype(float)
    heard = [
        np.fft.rfftfreq(8000, 1 / RATE_HZ)[np.abs(np.fft.rfft(part)).argmax()]
        for part in (samples[:8000], samples[-8000:])
    ]
    assert LOW_HZ <= heard[0] < 1.25 * LOW_HZ and 0.8 * HIGH_HZ < heard[1] <= HIGH_HZ
    faint = note_pitches(series(np.arange(10.0), np.arange(10.0), y_axis=Axis("M", "Mag", "mag", upside_down=True)), 10)
    assert faint[0] == pytest.approx(HIGH_HZ) and faint[-1] == pytest.approx(LOW_HZ), "a large magnitude is faint"


def test_few_points_sound_through_but_not_over_a_gap() -> None:
    pitches = note_pitches(series((0.0, 1.0, 2.0, 8.0, 9.0, 10.0), (1.0, 2.0, 1.0, 1.0, 2.0, 1.0), (0, 3)), 100)
    assert np.isfinite(pitches[:20]).all() and np.isfinite(pitches[-20:]).all()
    assert np.isnan(pitches[22:78]).all()


def test_nothing_to_hear_is_said() -> None:
    with pytest.raises(InvalidQuery, match="no good point"):
        to_wav(series((), ()))
    with pytest.raises(InvalidQuery, match=r"0\.5 to 60"):
        to_wav(transits(), seconds=1e6)


# --- words ----------------------------------------------------------------------------------------------------


def test_the_summary_tells_the_dips_the_gap_and_the_counts() -> None:
    said = in_words(transits(depth=0.001), (Fact("TESSMAG", "5.1", "brightness"),))
    assert "18,921 good points of 18,928; 7 (0.0 percent) are masked" in said.splitlines()[0]
    assert "27.8 days" in said
    assert "1 gap, the longest 1.5 days after 1337.999" in said
    dips = next(line for line in said.splitlines() if "dips stand out" in line)
    assert dips.startswith("6 dips stand out")
    assert " ppm at 13" in dips and "brightening" not in said
    assert said.splitlines()[-1] == "TESSMAG: 5.1, brightness."


def test_a_quiet_star_has_nothing_that_stands_out() -> None:
    assert "No dip or rise stands out" in in_words(transits(depth=0.0))
    assert "points" in in_words(series((), ()))


def test_a_line_of_a_spectrum_is_told_at_its_wavelength() -> None:
    x = np.linspace(1000, 1400, 5000)
    noise = 0.01 * np.random.default_rng(1).standard_normal(5000)
    line = spectrum(x, 1 + noise + 3 * np.exp(-(((x - 1215.67) / 0.8) ** 2)), error=np.full(5000, 0.01))
    said = in_words(line)
    assert "1 emission feature stands out" in said and " at 1215" in said
    assert "signal to noise is 100" in said or "signal to noise is 99" in said


def test_a_place_among_julian_dates_is_said_with_its_decimals() -> None:
    x = 2458000.25 + np.linspace(0.0, 2.5, 101)
    said = in_words(series(x, np.ones(101)))
    assert "from 2,458,000.25 to 2,458,002.75" in said
