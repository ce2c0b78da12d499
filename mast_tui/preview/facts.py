"""What the headers say of the data's quality and making, and whether the file is whole. Used by `jobs`.

Checksums follow the FITS standard 4.0, appendix J: the 32-bit ones' complement sum of an HDU's data is DATASUM, that of
the whole HDU is all ones (-0) where CHECKSUM is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mast_tui.core.look import Fact
from mast_tui.core.text import clean, human_bytes
from mast_tui.preview.fits_file import FitsFile
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import BLOCK_BYTES

#: Larger files are not summed up unasked: it costs about a millisecond a megabyte, and reading all of the file.
MAX_SUMMED = 16 << 20
#: The name of the fact that says whether the file is whole.
COMPLETE = "file complete"
_ALL_ONES = 0xFFFF_FFFF
_CHUNK = 1 << 20
#: Only the first HDUs say what the file is about.
_FIRST = 2

#: In days for TESS and Kepler alone; elsewhere seconds, a number of an exposure, or words.
_DAYS = ("EXPOSURE", "TIMEDEL")
_DAY_S = 86_400
#: Keyword, unit, meaning; in the order in which they are shown. TESS: Science Data Products Description; Kepler:
#: Archive Manual, chapter 2; HST and JWST: the comments in their headers.
_KEYWORDS: tuple[tuple[str, str, str], ...] = (
    ("SECTOR", "", "sector of the TESS survey"),
    ("QUARTER", "", "quarter of the Kepler survey"),
    ("CAMPAIGN", "", "campaign of K2"),
    ("TIMEDEL", "s", "time from cadence to cadence"),
    ("TESSMAG", "mag", "TESS magnitude of the target"),
    ("KEPMAG", "mag", "Kepler magnitude of the target"),
    ("TEFF", "K", "effective temperature of the target"),
    ("LOGG", "dex", "surface gravity of the target, log10 of cm/s²"),
    ("RADIUS", "solar radii", "radius of the target"),
    ("CROWDSAP", "", "share of the flux in the aperture that is the target's"),
    ("FLFRCSAP", "", "share of the target's flux that falls into the aperture"),
    ("CDPP0_5", "ppm", "noise of the light curve over 0.5 h (combined differential photometric precision)"),
    ("CDPP1_0", "ppm", "noise of the light curve over 1 h"),
    ("CDPP2_0", "ppm", "noise of the light curve over 2 h"),
    ("CDPP3_0", "ppm", "noise of the light curve over 3 h (combined differential photometric precision)"),
    ("CDPP6_0", "ppm", "noise of the light curve over 6 h"),
    ("CDPP12_0", "ppm", "noise of the light curve over 12 h"),
    ("PDCMETHD", "", "method that removed the systematics"),
    ("PDCVAR", "", "variability of the target, relative to its neighbours"),
    ("PDC_TOT", "", "goodness of the systematics' removal, 0 to 1: all together"),
    ("PDC_COR", "", "the same: no correlation with the neighbours left"),
    ("PDC_VAR", "", "the same: the star's variability kept"),
    ("PDC_NOI", "", "the same: no noise added"),
    ("PDC_EPT", "", "the same: Earth-point recovery removed"),
    ("EXPTIME", "s", "exposure time"),
    ("EFFEXPTM", "s", "effective exposure time"),
    ("EXPOSURE", "d", "time on source"),
    ("SRCTYPE", "", "point or extended source, as the pipeline took it"),
    ("EXPFLAG", "", "whether the exposure went as planned"),
    ("QUALITY", "", "quality of the exposure, in the words of the observatory"),
    ("FGSLOCK", "", "lock of the fine guidance"),
    ("CAL_VER", "", "version of the calibration pipeline"),
    ("CRDS_CTX", "", "set of reference files the calibration used"),
    ("PROCVER", "", "version of the processing software"),
    ("DATA_REL", "", "data release; see the release notes of that number"),
)


def facts(file: FitsFile) -> tuple[Fact, ...]:
    """The facts of one file that is open; the last says whether it is whole."""
    found = []
    in_days = any(hdu.header.text("TELESCOP") in ("TESS", "Kepler") for hdu in file.walk.hdus[:_FIRST])
    for keyword, unit, meaning in _KEYWORDS:
        for hdu in file.walk.hdus[:_FIRST]:
            written = hdu.header.get(keyword)
            if keyword in _DAYS and not (in_days and isinstance(written, float)):
                continue
            if keyword == "TIMEDEL" and isinstance(written, float):
                written *= _DAY_S
            if written is None or isinstance(written, bool) or (isinstance(written, float) and math.isnan(written)):
                continue
            shown = f"{written:.6g}" if isinstance(written, float) else clean(written, 80)
            if shown and shown != "N/A":
                found.append(Fact(keyword, f"{shown} {unit}".strip(), meaning))
                break
    found.append(Fact(COMPLETE, *_complete(file)))
    return tuple(found)


def complete(file: FitsFile, say: Callable[[str], None]) -> Fact:
    """Whether the file is whole, with its checksums verified however large it is; `say` hears how far it is."""
    return Fact(COMPLETE, *_complete(file, say))


def _end(hdu: Hdu) -> int:
    """The first byte after an HDU, whose data fill whole blocks."""
    return hdu.data_offset + -(-hdu.data_bytes // BLOCK_BYTES) * BLOCK_BYTES


def _complete(file: FitsFile, say: Callable[[str], None] | None = None) -> tuple[str, str]:
    """Whether the file is whole, and how that is known. Without `say` nobody waits for the sums of a large file."""
    if any(not hdu.complete for hdu in file.walk.hdus) or (file.walk.problem and not file.walk.hdus):
        return "no, truncated", file.walk.problem
    if file.walk.problem:
        return "no", file.walk.problem
    if file.walk.hdus and (beyond := file.n_bytes - _end(file.walk.hdus[-1])) > 0:
        return "yes, and more", f"{human_bytes(beyond)} follow that no header announces; the file may have been changed"
    summed = [hdu for hdu in file.walk.hdus if hdu.header.text("CHECKSUM") or hdu.header.text("DATASUM")]
    if not summed:
        return "yes (size ok)", "all bytes that the headers announce are there; the file has no checksums"
    if say is None and file.n_bytes > MAX_SUMMED:
        return "yes (size ok)", f"the checksums of files over {human_bytes(MAX_SUMMED)} are not verified for a look"
    wrong = []
    for hdu in summed:
        if say is not None:
            say(f"checksums: {human_bytes(hdu.header_offset)} of {human_bytes(file.n_bytes)}")
        if words := _wrong(file, hdu):
            wrong.append(words)
    if wrong:
        return f"size ok, but {'; '.join(wrong[:3])}", "the contents were changed after the checksum was written"
    names = [name for name in ("CHECKSUM", "DATASUM") if any(hdu.header.text(name) for hdu in summed)]
    return f"yes ({', '.join(names)} ok)", f"verified in {len(summed)} of {len(file.walk.hdus)} HDUs"


def _wrong(file: FitsFile, hdu: Hdu) -> str:
    """Which sums of the HDU do not fit: '' where all do."""
    padded = -(-hdu.data_bytes // 2880) * 2880
    data = _sum(file, hdu.data_offset, padded)
    names = []
    written = hdu.header.text("DATASUM")
    if written and written.isdigit() and not _same(int(written), data):
        names.append("DATASUM")
    if hdu.header.text("CHECKSUM"):
        whole = _sum(file, hdu.header_offset, hdu.data_offset - hdu.header_offset, data)
        if not _same(whole, _ALL_ONES):
            names.append("CHECKSUM")
    return f"{' and '.join(names)} of HDU {hdu.index} {'does' if len(names) == 1 else 'do'} not fit" if names else ""


def _sum(file: FitsFile, offset: int, n_bytes: int, start: int = 0) -> int:
    """The ones' complement sum of big-endian 32-bit words, from `start` on."""
    total = start
    for at in range(0, n_bytes, _CHUNK):
        part = file.raw_bytes(offset + at, min(_CHUNK, n_bytes - at))
        total += int(np.frombuffer(part[: len(part) // 4 * 4], ">u4").astype(np.uint32).sum(dtype=np.uint64))
    while total >> 32:
        total = (total & _ALL_ONES) + (total >> 32)
    return total


def _same(a: int, b: int) -> bool:
    """Zero has two writings in ones' complement: all bits 0, or all 1."""
    return a % _ALL_ONES == b % _ALL_ONES
