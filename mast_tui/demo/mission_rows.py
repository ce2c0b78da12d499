"""Observations and products of the sky in the columns that the missions' own search has for HST and JWST.

`missions` calls this. JWST's columns are those of a recorded answer of the live service; HST's are recorded whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct
from mast_tui.demo.messages import Json
from mast_tui.demo.recorded import RECORDED

_MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)
_LEVELS = {-1: "", 0: "0", 1: "1b", 2: "2b", 3: "3"}


def _column(name: str, kind: str, words: str) -> Json:
    return {
        "field_name": words,
        "column_name": name,
        "description": words,
        "queryable": "yes",
        "indexed": "no",
        "qual_type": kind,
        "datatype": {"string": "char", "integer": "long", "datetime": "char"}.get(kind, "double"),
        "default_output": "no" if name in ("search_pos", "search_key") else "yes",
    }


JWST_COLUMNS: tuple[Json, ...] = (
    _column("search_pos", "string", "Search Position (RA and Dec)"),
    _column("ArchiveFileID", "integer", "Archive File ID"),
    _column("fileSetName", "string", "File Set Name"),
    _column("productLevel", "string", "Product Level"),
    _column("targprop", "string", "Target Name from the Proposer"),
    _column("targ_ra", "ra", "Target RA"),
    _column("targ_dec", "dec", "Target Dec"),
    _column("instrume", "string", "Instrument"),
    _column("exp_type", "string", "Exposure Type"),
    _column("opticalElements", "string", "Optical Elements"),
    _column("date_obs", "datetime", "Observation Date"),
    _column("duration", "float", "Exposure Duration in seconds"),
    _column("program", "integer", "Program Number"),
    _column("publicReleaseDate", "datetime", "Public Release Date"),
    _column("pi_name", "string", "Principal Investigator"),
    _column("targtype", "string", "Target Type"),
    _column("access", "string", "Access"),
    _column("ang_sep", "float", "Angular Separation in arcminutes"),
    _column("s_region", "string", "Footprint"),
    _column("search_key", "string", "Search Key"),
)


def hst_row(held: HeldObservation) -> dict[str, Cell] | None:
    """An HST observation in HST's own columns; None for the recorded Portal rows, which had no such columns."""
    row = held.row
    if row.get("provenance_name") == RECORDED:
        return None
    instrument = str(row.get("instrument_name") or "")
    kind = "SPECTRUM" if row.get("dataproduct_type") == "spectrum" else "IMAGE"
    low, high = row.get("em_min"), row.get("em_max")
    middle = (float(low) + float(high)) / 2 * 10 if low is not None and high is not None else None
    return {
        "sci_data_set_name": str(row["obs_id"]).upper(),
        "sci_targname": row.get("target_name"),
        "sci_ra": row.get("s_ra"),
        "sci_dec": row.get("s_dec"),
        "sci_refnum": 0,
        "sci_start_time": iso(row.get("t_min")),
        "sci_stop_time": iso(row.get("t_max")),
        "sci_actual_duration": row.get("t_exptime"),
        "sci_instrume": instrument.split("/")[0].ljust(6),
        "sci_instrument_config": instrument,
        "sci_spec_1234": row.get("filters"),
        "sci_central_wavelength": middle,
        "sci_pep_id": _whole(row.get("proposal_id")),
        "sci_pi_last_name": str(row.get("proposal_pi") or "").split(",")[0].upper() or None,
        "sci_release_date": iso(row.get("t_obs_release")),
        "sci_status": row.get("dataRights"),
        "sci_aec": "S" if row.get("intentType") == "science" else "C",
        "sci_obs_type": kind,
        "sci_mtflag": "T" if row.get("mtFlag") else None,
    }


def jwst_row(held: HeldObservation) -> dict[str, Cell] | None:
    """A JWST observation in JWST's own columns; None for planned ones, which have no file sets."""
    row = held.row
    level = int(row.get("calib_level") or 0)
    if level < 0:
        return None
    return {
        "ArchiveFileID": _whole(row.get("objID")),
        "fileSetName": row["obs_id"],
        "productLevel": _LEVELS.get(level, str(level)),
        "targprop": row.get("target_name"),
        "targ_ra": row.get("s_ra"),
        "targ_dec": row.get("s_dec"),
        "instrume": str(row.get("instrument_name") or "").split("/")[0],
        "exp_type": row.get("instrument_name"),
        "opticalElements": row.get("filters"),
        "date_obs": iso(row.get("t_min")),
        "duration": row.get("t_exptime"),
        "program": _whole(row.get("proposal_id")),
        "publicReleaseDate": iso(row.get("t_obs_release")),
        "pi_name": row.get("proposal_pi"),
        "targtype": "MOVING" if row.get("mtFlag") else "FIXED",
        "access": row.get("dataRights"),
        "s_region": row.get("s_region"),
    }


def product_row(data_set: str, product: HeldProduct, observation: Mapping[str, Any]) -> Mapping[str, Cell]:
    """A product as `post_list_products` lists it; `_dataURI` is its address elsewhere in the archive."""
    row = product.row
    name = str(row["productFilename"])
    level = row.get("calib_level")
    size = row.get("size")
    return {
        "product_key": f"{data_set}_{name}",
        "access": row.get("dataRights") or observation.get("dataRights"),
        "dataset": data_set,
        "instrument_name": observation.get("instrument_name"),
        "filters": row.get("filters"),
        "filename": name,
        "uri": f"{data_set}/{name}",
        "authz_primary_identifier": data_set,
        "authz_secondary_identifier": row.get("productSubGroupDescription"),
        "file_suffix": row.get("productSubGroupDescription"),
        "category": _category(str(row.get("productType")), level),
        "size": product.content.size if size is None and product.content is not None else size,
        "type": str(row.get("productType")).lower(),
        "_dataURI": row["dataURI"],
    }


def _category(product_type: str, level: Cell) -> str:
    if product_type != "SCIENCE":
        return "AUX" if product_type in ("AUXILIARY", "INFO") else product_type
    return "UNCALIBRATED" if isinstance(level, int) and level < 2 else "CALIBRATED"


def iso(mjd: Cell) -> str | None:
    """A modified Julian date as ISO 8601, to the second (UTC, leap seconds left out)."""
    if mjd is None:
        return None
    return (_MJD_ZERO + timedelta(days=float(mjd))).strftime("%Y-%m-%dT%H:%M:%S")


def _whole(cell: Cell) -> int | None:
    try:
        return None if cell is None else int(cell)
    except ValueError:
        return None
