"""The room's door: quick, without astropy in the app, and strict about what its worker sends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core import wire
from mast_tui.core.look import Preview, Series
from mast_tui.preview import Previewer
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.passing import from_wire, to_wire
from tests.preview.made_files import cos_spectrum, pixel_file, spoc_light_curve


def _sent(found: Preview) -> Any:
    frame = wire.encode(to_wire(found))
    n_text, n_body = wire.frame_sizes(frame[: wire.HEAD_SIZE])
    text = frame[wire.HEAD_SIZE : wire.HEAD_SIZE + n_text]
    return wire.decode(text, frame[-n_body:])


@pytest.mark.parametrize("make", [spoc_light_curve, cos_spectrum, pixel_file])
def test_a_preview_crosses_unchanged(tmp_path: Path, make: Any) -> None:
    path = make(tmp_path / "file.fits")
    found = preview(path, Asked(file_name=path.name))
    arrived = from_wire(_sent(found))
    assert arrived.to_json() == found.to_json() and arrived.header == found.header
    for before, after in zip(found.series, arrived.series, strict=True):
        assert isinstance(after, Series) and np.array_equal(before.x, after.x) and np.array_equal(before.y, after.y)
        assert after.x.dtype == np.float64 and np.array_equal(before.starts, after.starts)
        assert after.columns == before.columns and after.ignore_for_limits == before.ignore_for_limits


def test_what_is_no_preview_is_refused(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "file.fits")
    sound = to_wire(preview(path, Asked(file_name=path.name)))
    item = sound["items"][0]
    for broken in (
        {"kind": "executable"},
        {"items": [{**item, "type": "Widget"}]},
        {"items": [{**item, "y": item["y"][:-1]}]},
        {"items": [{**item, "starts": np.array([0, 10**9])}]},
        {"items": [{**item, "kind": "image"}]},
    ):
        with pytest.raises(ValueError):
            from_wire({**sound, **broken})


async def test_a_look_answers_through_the_worker(tmp_path: Path) -> None:
    previewer = Previewer()
    await previewer.warm()
    found = await previewer.look(spoc_light_curve(tmp_path / "lc.fits"), quality="hard", column="SAP_FLUX")
    assert (found.kind, found.series[0].y_axis.name) == ("lightcurve", "SAP_FLUX")
    assert found.series[0].quality is not None and found.series[0].quality.bitmask == 24319
    await previewer.close()


def test_the_app_side_imports_neither_astropy_nor_textual() -> None:
    code = (
        "import sys, mast_tui.preview, mast_tui.plot\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('astropy', 'textual', 'rich', 'plotext')]\n"
        "sys.exit(', '.join(sorted(bad)[:3]) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_simulated_file_is_called_simulated(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    assert preview(path, Asked()).items[0].notes == ()
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["COMMENT"] = "SIMULATED: a light curve of nothing."
    assert preview(path, Asked()).items[0].notes == ("simulated data, by the file's own words",)
