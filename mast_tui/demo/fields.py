"""The columns that today's MAST serves for observations and products, with their wire types and their descriptions.

`invoke` sends them as `fields`, `sky` stores by them, and `columnsconfig` answers what astroquery asks once per
service. Names and order: astroquery's documentation of the CAOM fields; types as in its recorded answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mast_tui.demo import recorded

Wire = Literal["string", "float", "int", "boolean"]
Store = Literal["text", "float", "int", "boolean"]


@dataclass(frozen=True)
class Field:
    """A column: its name, the type that `fields` states, and how it is kept and compared here."""

    name: str
    wire: Wire
    store: Store


def _texts(*names: str) -> list[Field]:
    return [Field(name, "string", "text") for name in names]


def _floats(*names: str) -> list[Field]:
    return [Field(name, "float", "float") for name in names]


#: `obsid` and `objID` are numbers that MAST declares as strings.
OBSERVATION_FIELDS: tuple[Field, ...] = (
    *_texts("intentType", "obs_collection", "provenance_name", "instrument_name", "project", "filters"),
    *_texts("wavelength_region", "target_name", "target_classification", "obs_id"),
    *_floats("s_ra", "s_dec"),
    *_texts("dataproduct_type", "proposal_pi"),
    Field("calib_level", "int", "int"),
    *_floats("t_min", "t_max", "t_exptime", "em_min", "em_max"),
    *_texts("obs_title"),
    *_floats("t_obs_release"),
    *_texts("proposal_id", "proposal_type"),
    Field("sequence_number", "int", "int"),
    *_texts("s_region", "jpegURL", "dataURL", "dataRights"),
    Field("mtFlag", "boolean", "boolean"),
    *_floats("srcDen"),
    Field("obsid", "string", "int"),
    Field("objID", "string", "int"),
)
OBJ_ID1 = Field("objID1", "string", "int")
DISTANCE = Field("distance", "float", "float")

PRODUCT_FIELDS: tuple[Field, ...] = (
    Field("obsID", "string", "int"),
    *_texts("obs_collection", "dataproduct_type", "obs_id", "description", "type", "dataURI", "productType"),
    *_texts("productGroupDescription", "productSubGroupDescription", "productDocumentationURL", "project"),
    *_texts("prvversion", "proposal_id", "productFilename"),
    Field("size", "int", "int"),
    Field("parent_obsid", "string", "int"),
    *_texts("dataRights"),
    Field("calib_level", "int", "int"),
    *_texts("filters"),
)

#: Columns split at `;` where a query gives no separator of its own.
SEPARATED = ("obs_collection", "project", "filters", "wavelength_region", "target_classification")

_TODAY = {
    "provenance_name": {
        "text": "Provenance Name",
        "vot.datatype": "char",
        "vot.description": "Provenance name, or source of data",
        "example": "E.g. TASOC, CALSTIS, PS1",
        "autoFacetRule": "always",
    },
    "sequence_number": {
        "text": "Sequence Number",
        "vot.datatype": "int",
        "vot.description": "Sequence number, e.g. Kepler quarter or TESS sector",
    },
    "proposal_type": {
        "text": "Proposal Type",
        "vot.datatype": "char",
        "vot.description": "Type of telescope proposal",
        "example": "E.g. 3PI, GO, GO/DD, HLA, GII, AIS",
    },
    "dataRights": {
        "text": "Data Rights",
        "type": "string",
        "vot.description": "Data Rights",
        "example": "Valid values: PUBLIC, EXCLUSIVE_ACCESS, RESTRICTED",
    },
}

_PRODUCT_WORDS = {
    "obsID": ("Product Group ID", "Database identifier for obs_id"),
    "parent_obsid": ("Parent Product Group ID", "Database identifier of the observation that the file was made for"),
    "obs_collection": ("Mission", "Collection"),
    "dataproduct_type": ("Product Type", "Type of product"),
    "obs_id": ("Observation ID", "Observation identifier, given by mission"),
    "description": ("Description", "Description of the file"),
    "type": ("Observation Type", "S for simple, C for composite, D for derived"),
    "dataURI": ("Data URI", "The address to download the file by"),
    "productType": ("Product Category", "SCIENCE, PREVIEW, THUMBNAIL, INFO, AUXILIARY, CATALOG"),
    "productGroupDescription": ("Product Group", "Minimum Recommended Products, or empty"),
    "productSubGroupDescription": ("Product Subgroup", "File suffix"),
    "productDocumentationURL": ("Documentation", "Where the format is described"),
    "project": ("Project", "Processing project"),
    "prvversion": ("Version", "Version of the processing software"),
    "proposal_id": ("Proposal ID", "Proposal ID"),
    "productFilename": ("Filename", "Name of the file"),
    "size": ("File Size", "Size of the file"),
    "dataRights": ("Data Rights", "Data Rights"),
    "calib_level": ("Calibration Level", "Calibration level"),
    "filters": ("Filters", "Instrument filters"),
}
_VOT = {"text": "char", "int": "int", "float": "double", "boolean": "boolean"}


def columns_config(service: str) -> dict[str, Any]:
    """What `columnsconfig` answers: the recorded descriptions with the columns that have come since."""
    if service == "Mast.Caom.Products":
        return _product_config()
    if service.startswith("Mast.Caom."):
        return dict(recorded.table("columnsconfig.json")) | _TODAY
    if ".Tic" in service or ".Ctl" in service or ".Tess." in service:
        return dict(recorded.table("ticcolumns.json"))
    if "DiskDetective" in service or ".Dd." in service:
        return dict(recorded.table("ddcolumns.json"))
    return {}


def _product_config() -> dict[str, Any]:
    made: dict[str, Any] = {"_selected_": {"text": "selected", "add": True, "type": "boolean", "hidden": True}}
    for column in PRODUCT_FIELDS:
        text, words = _PRODUCT_WORDS[column.name]
        made[column.name] = {"text": text, "vot.datatype": _VOT[column.store], "vot.description": words}
    made["obsID"]["vot.datatype"] = made["parent_obsid"]["vot.datatype"] = "long"
    made["size"]["unit"] = "bytes"
    return made
