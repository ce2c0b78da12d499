"""What the embedded archive holds: real files that the package carries, and simulated data sets in mission layouts.

The server asks for `all_observations` at its start (their products and files are made when somebody asks), and for
`resolver_entries`, the names it can turn into places. `simulated_products` serves the invented rows of `--rows N`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.demo.datasets import carried, fields, hst, jwst, jwst_bulk, kepler, names, tess, uv
from mast_tui.demo.datasets.stock import stock_products
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

__all__ = ["all_observations", "resolver_entries", "simulated_products"]


def all_observations() -> Sequence[HeldObservation]:
    """Every observation, real ones first, each with a unique `obsid` from 90,000,000 on."""
    rooms = (carried, tess, kepler, hst, jwst, jwst_bulk, uv, fields)
    return [held for room in rooms for held in room.observations()]


def resolver_entries() -> Sequence[names.Entry]:
    """Names with canonicalName, searchStrings (lower case), resolver, ra and decl (ICRS degrees), objectType."""
    return names.entries()


def simulated_products(row: Row) -> Sequence[HeldProduct]:
    """The products of an invented observation row, for any mission and kind of data; the same for the same row.

    Addresses are `mast:<collection>/simulated/<obsid>/<file>`, so that the row can be found again from a file.
    """
    return stock_products(row, f"mast:{row['obs_collection']}/simulated/{row['obsid']}/")
