"""What MAST's observation and product columns mean: name, label, type, unit, description.

From the archive's own column configuration (`columnsconfig` of `Mast.Caom.Cone`, as recorded in astroquery 0.4.11's
test data) and the CAOM field documentation; `em_min`/`em_max` are nanometres as served, whatever TAP's label says.
A column that is not listed here is shown as it comes: the archive may grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.text import clean, nearest

Kind = Literal["str", "float", "int", "bool"]


@dataclass(frozen=True)
class Column:
    """One column: `continuous` ones are asked for by a range, the others by values."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    description: str = ""
    digits: int | None = None

    @property
    def continuous(self) -> bool:
        return self.kind == "float"

    @property
    def heading(self) -> str:
        """Label with its unit, as a table head shows it: 'RA [deg]'."""
        return f"{self.label} [{self.unit}]" if self.unit else self.label


OBSERVATION_COLUMNS: tuple[Column, ...] = (
    Column("obs_collection", "Mission", "str", "", "Collection: the mission, or HLSP for contributed products"),
    Column("instrument_name", "Instrument", "str", "", "Instrument name, with its mode after a slash"),
    Column("filters", "Filters", "str", "", "Instrument filters or gratings, separated by ;"),
    Column("target_name", "Target", "str", "", "Name the proposer gave; TESS: TIC number, Kepler: kplr and KIC number"),
    Column("dataproduct_type", "Type", "str", "", "image, spectrum, timeseries, cube, sed, catalog ..."),
    Column(
        "calib_level", "Cal", "int", "", "-1 planned, 0 raw, 1 uncalibrated, 2 calibrated, 3 science, 4 contributed"
    ),
    Column("t_min", "Start", "float", "MJD", "Start of the observation", 5),
    Column("t_exptime", "Exposure", "float", "s", "Exposure time; for TESS time series the cadence", 1),
    Column(
        "distance", "Distance", "float", "arcsec", "From the search position; 0 when it lies inside the footprint", 1
    ),
    Column("dataRights", "Rights", "str", "", "PUBLIC, EXCLUSIVE_ACCESS or RESTRICTED"),
    Column("obs_id", "Observation", "str", "", "Observation identifier, given by the mission"),
    Column("s_ra", "RA", "float", "deg", "Right ascension of the centre, ICRS", 5),
    Column("s_dec", "Dec", "float", "deg", "Declination of the centre, ICRS", 5),
    Column("provenance_name", "Pipeline", "str", "", "Pipeline or contributing project: SPOC, QLP, CALJWST ..."),
    Column("project", "Project", "str", "", "Processing project"),
    Column("proposal_id", "Proposal", "str", "", "Proposal number, as text"),
    Column("proposal_pi", "PI", "str", "", "Principal investigator's last name"),
    Column("obs_title", "Title", "str", "", "Description of the observation from the proposal"),
    Column("t_max", "End", "float", "MJD", "End of the observation", 5),
    Column("t_obs_release", "Release", "float", "MJD", "When the data are, or become, public", 5),
    Column("em_min", "λ min", "float", "nm", "Shortest wavelength", 1),
    Column("em_max", "λ max", "float", "nm", "Longest wavelength", 1),
    Column("wavelength_region", "Band", "str", "", "Energy band: UV, OPTICAL, INFRARED ..., separated by ;"),
    Column("sequence_number", "Seq", "int", "", "TESS sector, Kepler quarter or K2 campaign"),
    Column("target_classification", "Class", "str", "", "Type of target"),
    Column("intentType", "Intent", "str", "", "science or calibration"),
    Column("mtFlag", "Moving", "bool", "", "Moving target"),
    Column("srcDen", "Sources", "float", "", "Catalogued objects found in the observation", 1),
    Column("s_region", "Footprint", "str", "", "Footprint on the sky (STC-S)"),
    Column("jpegURL", "Preview", "str", "", "Address of the preview picture"),
    Column("dataURL", "Data", "str", "", "Address of one representative file"),
    Column("obsid", "Group ID", "str", "", "Product group: the key by which products are asked for"),
    Column("objID", "Object ID", "str", "", "Plane of the observation at its calibration level"),
)

PRODUCT_COLUMNS: tuple[Column, ...] = (
    Column("productFilename", "File", "str", "", "File name"),
    Column("size", "Size", "int", "B", "Bytes, as the archive's database has them: a hint"),
    Column("productType", "Type", "str", "", "SCIENCE, PREVIEW, INFO, AUXILIARY, CATALOG ..."),
    Column("calib_level", "Cal", "int", "", "0 raw, 1 uncalibrated, 2 calibrated, 3 science, 4 contributed"),
    Column("productSubGroupDescription", "Group", "str", "", "Suffix of the product: X1D, FLT, I2D, LC ..."),
    Column("description", "Description", "str", "", "What the file is"),
    Column("dataRights", "Rights", "str", "", "PUBLIC, EXCLUSIVE_ACCESS or RESTRICTED"),
    Column("productGroupDescription", "Recommended", "str", "", "Minimum Recommended Products, or nothing"),
    Column("filters", "Filters", "str", "", "Instrument filters or gratings"),
    Column("obs_collection", "Mission", "str", "", "Collection"),
    Column("obs_id", "Observation", "str", "", "Observation identifier, given by the mission"),
    Column("dataproduct_type", "Kind", "str", "", "image, spectrum, timeseries ..."),
    Column("proposal_id", "Proposal", "str", "", "Proposal number, as text"),
    Column("prvversion", "Version", "str", "", "Version of the pipeline"),
    Column("project", "Project", "str", "", "Processing project"),
    Column("type", "Structure", "str", "", "S simple, C composite, D derived"),
    Column("dataURI", "URI", "str", "", "Address of the file: what is downloaded and cited"),
    Column("productDocumentationURL", "Help", "str", "", "Documentation"),
    Column("obsID", "Group ID", "str", "", "Product group the file was listed under"),
    Column("parent_obsid", "Parent", "str", "", "Product group the file belongs to"),
)

_OBSERVATIONS = {c.name: c for c in OBSERVATION_COLUMNS}
_PRODUCTS = {c.name: c for c in PRODUCT_COLUMNS}

#: Columns that the archive serves but does not filter by.
NOT_QUERYABLE = frozenset({"distance", "s_region", "jpegURL", "dataURL"})


def observation_column(name: str, kind: Kind = "str") -> Column:
    """The known column of that name, or one made from the name alone."""
    return _OBSERVATIONS.get(name) or Column(name, clean(name, 40), kind)


def product_column(name: str, kind: Kind = "str") -> Column:
    return _PRODUCTS.get(name) or Column(name, clean(name, 40), kind)


def queryable_column(name: str, also: Iterable[str] = ()) -> Column:
    """The column that a criterion names, whatever its case; InvalidQuery with the nearest name when there is none."""
    known = [c for c in _OBSERVATIONS if c not in NOT_QUERYABLE] + list(also)
    by_lower = {k.lower(): k for k in known}
    found = by_lower.get(name.lower())
    if found is None:
        near = nearest(name, known)
        raise InvalidQuery(
            f"there is no column “{clean(name, 60)}” to search by",
            "",
            f"Did you mean {near}?" if near else "`mast-tui search --columns` lists them",
        )
    return observation_column(found)
