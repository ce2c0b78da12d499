"""The analysis room: questions asked of a series, numbers in and numbers out.

What takes milliseconds (normalise, flatten, bin, fold, stitch, units, lines, summaries) are plain functions on
`core.look.Series`, with numpy alone, for any caller. Period searches run in a worker process that imports astropy.
"""

from mast_tui.analysis.grouping import binned, default_bin, folded, odd_even, phase_zero, stitched, within
from mast_tui.analysis.in_sight import report_in_sight
from mast_tui.analysis.lines import SpectralLine, lines_within
from mast_tui.analysis.medium import in_medium
from mast_tui.analysis.periodograms import HarmonicTest, Method, Periodograms, PeriodSearch, Verdict
from mast_tui.analysis.photometry import Calibration, calibration_of
from mast_tui.analysis.quality import quality_report
from mast_tui.analysis.residual import without_dips
from mast_tui.analysis.scaling import normalised
from mast_tui.analysis.times import in_time, utc_at
from mast_tui.analysis.trends import flattened
from mast_tui.analysis.units import in_unit, in_x_unit, unit_meant, units_for, x_units_for

__all__ = [
    "Calibration",
    "HarmonicTest",
    "Method",
    "PeriodSearch",
    "Periodograms",
    "SpectralLine",
    "Verdict",
    "binned",
    "calibration_of",
    "default_bin",
    "flattened",
    "folded",
    "in_medium",
    "in_time",
    "in_unit",
    "in_x_unit",
    "lines_within",
    "normalised",
    "odd_even",
    "phase_zero",
    "quality_report",
    "report_in_sight",
    "stitched",
    "unit_meant",
    "units_for",
    "utc_at",
    "within",
    "without_dips",
    "x_units_for",
]
