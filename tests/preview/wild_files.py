"""FITS files nobody would write: every keyword and column that a recipe knows, with the wrong things in them."""

from __future__ import annotations

import struct

import numpy as np
from hypothesis import strategies as st

from tests.preview.made_files import card

#: What servers, pipelines and mischief put into strings: escape codes, markup, right-to-left marks, length, quotes.
WORDS = st.one_of(
    st.sampled_from(
        [
            "TESS", "Kepler", "HST", "JWST", "IUE", "FUSE", "COS", "STIS", "FOS", "MIRI", "TDB", "UTC", "d", "s",
            "LIGHTCURVE", "SCI", "EXTRACT1D", "MELO", "MEHI", "PIXELS", "APERTURE", "BESTAPER", "TCE_1", "PDC",
            "CBV.single-scale.2.4", "26493 LightCurveExporterPipelineModule", "FluxExporter", "MIT/QLP", "UCSB/TGLC",
            "WAVE", "LINEAR", "RA---TAN", "DEC--TAN", "FREQ", "PIXEL", "POINT", "EXTENDED", "COMPLETE", "NaN", "",
            "\x1b]0;owned\x07", "\x1b[2J\x1b[31mred", "[red]not red[/red]", "[@click=app.quit]here[/]", "\u202egnp.exe",
            "x" * 60, "it''s", "\xff\xfe\xa0", "\t", "&", "/", "'",
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
KEYWORDS = (
    "TELESCOP", "INSTRUME", "OBJECT", "TARGNAME", "CREATOR", "ORIGIN", "EXTNAME", "EXTVER", "BJDREFI", "BJDREFF",
    "JDREFI", "MJDREFI", "TIMEUNIT", "TIMESYS", "SDQFLAGS", "TPERIOD", "TEPOCH", "TDUR", "TDEPTH", "SRCTYPE",
    "EXPOSURE", "CTYPE1", "CTYPE2", "CTYPE3", "CRVAL1", "CRVAL2", "CRVAL3", "CRPIX1", "CRPIX2", "CDELT1", "CDELT2",
    "CD1_1", "CD2_2", "CUNIT1", "BUNIT", "BSCALE", "BZERO", "BLANK", "DC-FLAG", "DISPAXIS", "TICID", "KEPLERID",
    "SECTOR", "LITE", "PCORIGIN", "X1DCORR", "FILETYPE", "BSOFTEN", "BOFFSET", "WCSAXES", "SPORDER", "A_ORDER",
)  # fmt: skip
COLUMNS = (
    "TIME", "time", "T", "TMID_BJD", "MJD", "FLUX", "flux", "PDCSAP_FLUX", "SAP_FLUX", "FLUX_ERR", "ERROR", "QUALITY",
    "SAP_QUALITY", "CADENCENO", "LC_INIT", "LC_DETREND", "CORR_FLUX", "RAW_FLUX", "FFIINDEX", "FCOR", "FRAW", "TFA1",
    "IRQ1", "VECTOR_1", "GAP", "WAVELENGTH", "WAVE", "NPOINTS", "DELTAW", "STARTPIX", "ABS_CAL", "SIGMA", "DQ",
    "DQ_WGT", "SPORDER", "SEGMENT", "SURF_BRIGHT", "N_ALONGDISP", "INT_NUM", "MJD-AVG", "EFF_EXPTIME", "SNR", "CTR",
)  # fmt: skip
UNITS = (
    "", "e-/s", "Angstrom", "ANGSTROMS", "FLAM", "um", "Jy", "MJy/sr", "BJD - 2457000, days", "BJD - inf, days", "btjd",
    "ppm", "mag", "erg /s /cm**2 /angstrom", "10**400 parsec**-1e9", "((((", "\u202eJ", "[b]Jy", "1/0", "d**d",
)  # fmt: skip
FORMATS = ("D", "E", "J", "K", "I", "B", "L", "C", "M", "8X", "5A", "0A", "3D", "12E", "12J", "0E", "35E", "300D",
           "1PE(4)", "1QD(9)", "ZZ", "-1D", "999999999D")  # fmt: skip
_WIDTHS = {"D": 8, "E": 4, "J": 4, "K": 8, "I": 2, "B": 1, "L": 1, "C": 8, "M": 16, "A": 1, "X": 0, "P": 8, "Q": 16}
NUMBERS = st.one_of(
    st.floats(),
    st.sampled_from(
        [0.0, 1.0, -1.0, 1e-30, 1e30, 1e-14, 1e308, 5e-324, 2457000.0, 17087.0, float("nan"), float("inf")]
    ),
    st.integers(-(2**70), 2**70),
    st.integers(-3, 300),
    st.booleans(),
)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, str):
        return f"'{value}'"
    return f"{value}"


def _line(keyword: str, value: object) -> bytes:
    text = f"{keyword:<8}= {_value(value):>20}"
    return text.encode("latin-1", "replace")[:80].ljust(80)


def _block(lines: list[bytes]) -> bytes:
    raw = b"".join(lines) + card("END")
    return raw + b" " * (-len(raw) % 2880)


@st.composite
def _extra(draw: st.DrawFn) -> list[bytes]:
    chosen = draw(st.lists(st.tuples(st.sampled_from(KEYWORDS), WORDS | NUMBERS), max_size=12))
    lines = [_line(keyword, value) for keyword, value in chosen]
    return lines + draw(st.lists(st.binary(min_size=80, max_size=80), max_size=1))


def _width(form: str) -> int:
    """Bytes of a field; 8 for what is no format at all."""
    digits = form[: len(form) - len(form.lstrip("0123456789"))]
    letter = form[len(digits) :][:1]
    n = int(digits) if digits else 1
    return -(-n // 8) if letter == "X" else n * _WIDTHS.get(letter, 8)


@st.composite
def _data(draw: st.DrawFn, n_bytes: int) -> bytes:
    """Nothing but zeros, ones, noise, or repeated wild numbers, big-endian."""
    n_bytes = min(n_bytes, 50_000)
    how = draw(st.sampled_from(["zero", "noise", "doubles", "floats", "ones"]))
    if how == "noise":
        return np.random.default_rng(draw(st.integers(0, 9))).bytes(n_bytes)
    if how in ("doubles", "floats"):
        few = draw(st.lists(st.floats(width=32), min_size=1, max_size=6))
        one = b"".join(struct.pack(">d" if how == "doubles" else ">f", value) for value in few)
        return (one * (n_bytes // len(one) + 1))[:n_bytes]
    return (b"\0" if how == "zero" else b"\xff") * n_bytes


@st.composite
def _table(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(st.sampled_from(COLUMNS) | WORDS, min_size=0, max_size=8))
    fields = [(name, draw(st.sampled_from(FORMATS)), draw(st.sampled_from(UNITS))) for name in names]
    n_rows = draw(st.sampled_from([0, 1, 2, 7, 40, 10**12]))
    width = sum(_width(form) for _, form, _ in fields)
    lines = [card("XTENSION= 'BINTABLE'"), _line("BITPIX", 8), _line("NAXIS", 2), _line("NAXIS1", width)]
    lines += [_line("NAXIS2", n_rows), _line("PCOUNT", draw(st.sampled_from([0, 0, 0, 5, -1, 10**11])))]
    lines += [_line("GCOUNT", 1), _line("TFIELDS", len(fields))]
    for k, (name, form, unit) in enumerate(fields, 1):
        lines += [_line(f"TTYPE{k}", name), _line(f"TFORM{k}", form), _line(f"TUNIT{k}", unit)]
        lines += draw(
            st.sampled_from(
                [[], [], [], [_line(f"TDIM{k}", "(7,5)")], [_line(f"TDIM{k}", "(0,-1)")], [_line(f"TNULL{k}", 0)],
                 [_line(f"TSCAL{k}", 1e300), _line(f"TZERO{k}", 1e300)], [_line(f"TSCAL{k}", "x")]]
            )
        )  # fmt: skip
    return _block(lines + draw(_extra())) + _padded(draw(_data(width * n_rows)))


@st.composite
def _image(draw: st.DrawFn, primary: bool = False) -> bytes:
    bitpix = draw(st.sampled_from([8, 16, 32, 64, -32, -64]))
    axes = draw(st.lists(st.sampled_from([0, 1, 2, 5, 40, 3, 10**9]), max_size=4))
    first = card("SIMPLE  =                    T") if primary else card("XTENSION= 'IMAGE   '")
    lines = [first, _line("BITPIX", bitpix), _line("NAXIS", len(axes))]
    lines += [_line(f"NAXIS{k}", n) for k, n in enumerate(axes, 1)]
    lines += [_line("PCOUNT", 0), _line("GCOUNT", 1), *draw(_extra())]
    n_bytes = int(np.prod(axes, dtype=object)) * abs(bitpix) // 8 if axes else 0
    return _block(lines) + _padded(draw(_data(n_bytes)))


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 2880)


@st.composite
def wild_fits(draw: st.DrawFn) -> bytes:
    """The bytes of a file that begins as FITS does; now and then cut off, or with some bytes changed."""
    primary = _block([card("SIMPLE  =                    T"), _line("BITPIX", 8), _line("NAXIS", 0), *draw(_extra())])
    content = draw(st.just(primary) | _image(primary=True))
    content += b"".join(draw(st.lists(_table() | _image(), max_size=3)))
    if draw(st.integers(0, 4)) == 0:
        content = content[: draw(st.integers(81, len(content)))]
    changed = bytearray(content)
    for at, byte in draw(st.lists(st.tuples(st.integers(80, len(content)), st.integers(0, 255)), max_size=3)):
        if at < len(changed):
            changed[at] = byte
    return bytes(changed)
