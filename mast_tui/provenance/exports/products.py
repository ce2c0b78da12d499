"""The files as a table of products, as `get_product_list` of `astroquery.mast.Observations` gives it.

`Observations.download_products(Table.read("products.ecsv"))` fetches them. From CSV the same works where not all ids
are numbers; astropy reads a column of digits as integers, and astroquery takes `obs_id` for a folder's name. In ECSV
columns have their types.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.text import clean
from mast_tui.provenance.exports.had import files_had

#: astroquery 0.4.11's product table, in its order, as far as a record knows the columns; the datatypes are ECSV's.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("obsID", "string"),
    ("obs_collection", "string"),
    ("obs_id", "string"),
    ("description", "string"),
    ("dataURI", "string"),
    ("productType", "string"),
    ("prvversion", "string"),
    ("proposal_id", "string"),
    ("productFilename", "string"),
    ("size", "int64"),
    ("dataRights", "string"),
    ("calib_level", "int64"),
    # not astroquery's, which leaves alone what it does not know
    ("sha256", "string"),
)
#: A file that was fetched by its URI alone has no observation; astroquery needs a word for the folder.
_UNKNOWN = "unknown"


def product_csv(manifest: Manifest) -> str:
    """Comma-separated, one header line (RFC 4180 with plain newlines)."""
    return _lines(([name for name, _ in _COLUMNS], *map(_row, files_had(manifest))))


def product_ecsv(manifest: Manifest) -> str:
    """ECSV 1.0 (APE 6): the same with the types of the columns, and the session in its meta data."""
    about = {"session": manifest.id, "archive": manifest.archive, "created": manifest.created, "asked": manifest.asked}
    head = ["%ECSV 1.0", "---", "delimiter: ','", "datatype:"]
    # JSON is YAML as long as nothing odd stands in it, and dumps escapes all that is odd
    head += [f"- {json.dumps({'name': name, 'datatype': kind})}" for name, kind in _COLUMNS]
    head += ["meta: !!omap", *(f"- {json.dumps({key: value})}" for key, value in about.items()), "schema: astropy-2.0"]
    return "".join(f"# {line}\n" for line in head) + product_csv(manifest)


def _row(file: FileRecord) -> list[str]:
    # bare URIs: mast:TESS/product/x.fits
    collection = file.collection or file.uri.removeprefix("mast:").partition("/")[0]
    known = {
        "obsID": file.obsid,
        "obs_collection": collection,
        "obs_id": file.obs_id or _UNKNOWN,
        "description": file.description,
        "dataURI": file.uri,
        "productType": file.product_type,
        "prvversion": file.version,
        "proposal_id": file.proposal_id,
        "productFilename": file.path.rpartition("/")[2],
        "size": "" if file.size is None else str(file.size),
        "dataRights": file.rights,
        "calib_level": "" if file.calib_level is None else str(file.calib_level),
        "sha256": file.sha256,
    }
    return [clean(known[name]) for name, _ in _COLUMNS]


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
