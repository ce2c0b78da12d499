"""Small files that are not FITS: reports (PDF, XML), associations (JSON), pools and tables (CSV, ECSV)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mast_tui.demo.holdings import MadeContent


def _kept(body: bytes) -> MadeContent:
    return MadeContent(lambda: body)


def pdf(text: str) -> MadeContent:
    """One page that says `text`."""
    words = text.replace("\\", "").replace("(", "[").replace(")", "]")
    stream = f"BT /F1 12 Tf 50 700 Td ({words}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return _kept(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail)


def xml(text: str) -> MadeContent:
    """A document element with `text` as its only content."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return _kept(f'<?xml version="1.0" encoding="UTF-8"?>\n<dv-report>{safe}</dv-report>\n'.encode())


def association(name: str, members: Sequence[str]) -> MadeContent:
    """A JWST association (`_asn.json`) of one product with its members."""
    body = {
        "SIMULATED": "by the mast-tui demo",
        "asn_type": "image3",
        "products": [{"name": name, "members": [{"expname": m, "exptype": "science"} for m in members]}],
    }
    return _kept(json.dumps(body, indent=4).encode())


def pool(program: str, rows: int) -> MadeContent:
    """A JWST association pool: a table with `|` between its columns."""
    lines = ["FILENAME|PROGRAM|OBS_NUM|SIMULATED"]
    lines += [f"jw{program}001001_02101_{n:05d}_rate.fits|{program}|001|T" for n in range(1, rows + 1)]
    return _kept(("\n".join(lines) + "\n").encode())


def catalogue(rows: int, ra_deg: float, dec_deg: float) -> MadeContent:
    """A source catalogue as ECSV: label, position in degrees, brightness in Jy."""
    head = [
        "# %ECSV 1.0",
        "# ---",
        "# datatype:",
        "# - {name: label, datatype: int64}",
        "# - {name: ra, unit: deg, datatype: float64}",
        "# - {name: dec, unit: deg, datatype: float64}",
        "# - {name: isophotal_flux, unit: Jy, datatype: float64}",
        "# meta: {note: SIMULATED by the mast-tui demo}",
        "# schema: astropy-2.0",
        "label ra dec isophotal_flux",
    ]
    lines = [
        f"{n} {ra_deg + 1e-4 * (n % 17 - 8):.7f} {dec_deg + 1e-4 * (n % 13 - 6):.7f} {1e-6 / n:.4e}"
        for n in range(1, rows + 1)
    ]
    return _kept(("\n".join(head + lines) + "\n").encode())
