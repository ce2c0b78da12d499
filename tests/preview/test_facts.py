"""What the summary says of a file: the headers' words on its quality, and whether the file is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import Fact
from mast_tui.preview import Previewer, facts
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.preview.made_files import jwst_x1d, spoc_light_curve

CARDS: dict[str, Any] = {"CROWDSAP": 0.98, "FLFRCSAP": 0.8, "CDPP0_5": 41.65, "PDCMETHD": "msMAP", "EXPOSURE": 22.08}


def facts_of(path: Path) -> dict[str, Fact]:
    return {fact.name: fact for fact in preview(path, Asked(file_name=path.name)).facts}


def with_checksums(path: Path) -> Path:
    with fits.open(path) as hdus:
        hdus.writeto(path.with_name("summed.fits"), checksum=True)
    return path.with_name("summed.fits")


async def test_the_headers_words_cross_with_their_meanings(tmp_path: Path) -> None:
    previewer = Previewer()
    found = await previewer.look(spoc_light_curve(tmp_path / "lc.fits", **CARDS))
    await previewer.close()
    by_name = {fact.name: fact for fact in found.facts}
    assert by_name["CROWDSAP"].value == "0.98" and "target's" in by_name["CROWDSAP"].meaning
    assert (by_name["CDPP0_5"].value, by_name["EXPOSURE"].value) == ("41.65 ppm", "22.08 d")
    assert by_name["file complete"].value == "yes (size ok)"
    assert "CAL_VER" not in by_name


def test_the_number_of_an_exposure_is_no_duration(tmp_path: Path) -> None:
    path = jwst_x1d(tmp_path / "x1d.fits")
    fits.setval(path, "EXPOSURE", value="00001")
    assert "EXPOSURE" not in facts_of(path)


def test_sector_and_cadence_are_told_and_days_only_where_they_are_days(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits", SECTOR=1, TIMEDEL=120 / 86400)
    assert {name: facts_of(path)[name].value for name in ("SECTOR", "TIMEDEL")} == {"SECTOR": "1", "TIMEDEL": "120 s"}
    fits.setval(path, "TELESCOP", value="EUVE", ext=0)
    assert "TIMEDEL" not in facts_of(path)


def test_a_file_with_sound_checksums_is_called_complete(tmp_path: Path) -> None:
    path = with_checksums(spoc_light_curve(tmp_path / "lc.fits"))
    fact = facts_of(path)["file complete"]
    assert (fact.value, fact.meaning) == ("yes (CHECKSUM, DATASUM ok)", "verified in 3 of 3 HDUs")


@pytest.mark.parametrize(("of", "words"), [("data", "CHECKSUM of HDU 1"), ("header", "CHECKSUM of HDU 1 does not fit")])
def test_one_changed_byte_is_noticed(tmp_path: Path, of: str, words: str) -> None:
    path = with_checksums(spoc_light_curve(tmp_path / "lc.fits"))
    content = bytearray(path.read_bytes())
    with fits.open(path) as hdus:
        place = hdus[1].fileinfo()["datLoc"] + 100 if of == "data" else content.index(b"TTYPE1", 2880) + 75
    content[place] ^= 1
    path.write_bytes(bytes(content))
    value = facts_of(path)["file complete"].value
    assert words in value and ("DATASUM" in value) == (of == "data")


def test_a_truncated_file_is_called_so(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    path.write_bytes(path.read_bytes()[:9000])
    assert facts_of(path)["file complete"].value == "no, truncated"


def test_large_files_are_not_summed_up_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MAX_SUMMED", 1000)
    fact = facts_of(with_checksums(spoc_light_curve(tmp_path / "lc.fits")))["file complete"]
    assert fact.value == "yes (size ok)" and "not verified" in fact.meaning


def test_bytes_after_the_last_hdu_are_told(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    path.write_bytes(path.read_bytes() + b"\xef\xbf\xbd" * 2000)

    fact = facts_of(path)["file complete"]

    assert fact.value == "yes, and more"
    assert fact.meaning.startswith("6 kB follow that no header announces")


def test_the_exposure_of_another_mission_is_not_called_days(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "evt.fits", EXPOSURE=4998.98)
    fits.setval(path, "TELESCOP", value="CHANDRA")
    assert "EXPOSURE" not in facts_of(path)


async def test_the_checksums_of_a_large_file_are_verified_where_somebody_asks(tmp_path: Path) -> None:
    path = tmp_path / "large.fits"
    array = np.random.default_rng(1).normal(size=(1500, 1500)).astype(np.float64)
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(array, name="SCI")]).writeto(path, checksum=True)
    assert path.stat().st_size > facts.MAX_SUMMED
    assert facts_of(path)["file complete"].value == "yes (size ok)"
    previewer, heard = Previewer(), list[str]()
    assert (await previewer.checksums(path, heard.append)).value == "yes (CHECKSUM, DATASUM ok)"
    assert heard[0] == "checksums: 0 B of 18 MB" and len(heard) == 2
    with path.open("r+b") as file:
        file.seek(9_000_000)
        file.write(b"other")
    assert "of HDU 1 do not fit" in (await previewer.checksums(path)).value
    await previewer.close()
