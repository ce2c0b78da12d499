"""What the embedded archive holds: real files that the package carries, and simulated data sets in mission layouts.

The server asks for `all_observations` at its start (their products and files are made when somebody asks), and for
`resolver_entries`, the names it can turn into places. `simulated_products` serves the invented rows of `--rows N`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.demo.datasets import hst, jwst, tess
from mast_tui.demo.holdings import HeldObservation

__all__ = ["all_observations"]


def all_observations() -> Sequence[HeldObservation]:
    """Every observation, with a unique `obsid` from 90,000,000 on."""
    return [*tess.observations(), *hst.observations(), *jwst.observations()]
