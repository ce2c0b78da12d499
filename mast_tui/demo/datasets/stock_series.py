"""Light curves for stock rows: TESS, its high-level products, Kepler and K2. Called by `stock`."""

from __future__ import annotations

import re

from mast_tui.demo.datasets.contributed import k2sff_file, tglc_file
from mast_tui.demo.datasets.documents import pdf
from mast_tui.demo.datasets.kepler import QUARTERS, KeplerStar, long_cadence_file
from mast_tui.demo.datasets.qlp import qlp_file
from mast_tui.demo.datasets.signals import Dip
from mast_tui.demo.datasets.stock_row import Stock
from mast_tui.demo.datasets.tess_files import BTJD_MJD, Sector, Star, light_curve_file, pixels_file
from mast_tui.demo.holdings import HeldProduct


def _tic(stock: Stock) -> int:
    digits = re.sub(r"\D", "", stock.target)
    return int(digits[-10:]) if digits else stock.number


def _dips(stock: Stock) -> tuple[Dip, ...]:
    """Two stars in five have a planet, with a period of 1 to 11 days and 500 to 12,000 ppm."""
    if stock.number % 5 > 1:
        return ()
    period = 1.0 + (stock.number >> 4) % 1000 / 100
    first = stock.start_mjd - BTJD_MJD + period * ((stock.number >> 8) % 100) / 100
    return (Dip(period, first, 500.0 + (stock.number >> 3) % 11500, 2.0 + period / 4),)


def _star(stock: Stock) -> tuple[Star, Sector]:
    start = stock.start_mjd - BTJD_MJD
    number = int(stock.row.get("sequence_number") or 0)
    sector = Sector(number, "2099001000000", 0, start, 18000, (start + 12.2, start + 13.4), 100_000 + 20_000 * number)
    magnitude = 8.0 + stock.number % 60 / 10
    noise = 150.0 * 10 ** (0.2 * (magnitude - 7))
    star = Star(_tic(stock), stock.target, *stock.place, round(magnitude, 3), 5600.0, 1.0, noise, _dips(stock))
    return star, sector


def tess_series(stock: Stock) -> list[HeldProduct]:
    star, sector = _star(stock)
    what = str(stock.row["obs_title"])[:60]
    fast = stock.exposure_s == 20.0
    file = light_curve_file(star, sector, 20 if fast else 120, what)
    made = [
        stock.add(
            f"{stock.name}{'_fast-lc' if fast else '_lc'}.fits", file, "Light curves", "FAST-LC" if fast else "LC"
        )
    ]
    if not fast:
        made.append(
            stock.add(f"{stock.name}_tp.fits", pixels_file(star, sector, 40, what), "Target pixel files", "TP", 2)
        )
    report = pdf(f"SIMULATED summary of {stock.target}")
    return [*made, stock.beside(f"{stock.name}_dvs.pdf", report, "TCE summary report", "INFO", "DVS")]


def contributed_series(stock: Stock) -> list[HeldProduct]:
    """A light curve in the layout of the team that made it; the QLP's for teams whose layout is not here."""
    team, what = str(stock.row["provenance_name"]), str(stock.row["obs_title"])[:60]
    star, sector = _star(stock)
    cadence = int(stock.exposure_s) if stock.exposure_s in (120.0, 200.0, 600.0) else 1800
    if team.startswith("K2SFF"):
        file = k2sff_file(_kepler_star(stock), QUARTERS[stock.number % len(QUARTERS)])
    elif team.startswith("TESS-SPOC"):
        file = light_curve_file(star, sector, cadence, what)
    elif team.startswith("TGLC"):
        file = tglc_file(star, sector, cadence)
    else:
        file = qlp_file(star, sector)
    return [stock.add(f"{stock.name}_llc.fits", file, "FITS", None)]


def _kepler_star(stock: Stock) -> KeplerStar:
    digits = re.sub(r"\D", "", stock.target)
    number = int(digits[-9:]) if digits else stock.number % 10**8
    dips = tuple(Dip(d.period_d, d.epoch % d.period_d, d.depth_ppm, d.duration_h) for d in _dips(stock))
    return KeplerStar(number, stock.target, *stock.place, 12.5, 5600.0, 1.0, 120.0, dips)


def kepler_series(stock: Stock) -> list[HeldProduct]:
    k2 = stock.row["obs_collection"] == "K2"
    file = long_cadence_file(_kepler_star(stock), QUARTERS[stock.number % len(QUARTERS)], k2)
    return [stock.add(f"{stock.name}_llc.fits", file, "Lightcurve Long Cadence (CLC)", "LLC")]
