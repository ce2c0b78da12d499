"""How the tests of the holdings read what the embedded archive serves: through astropy, as a user's script does."""

from __future__ import annotations

import gzip
import io
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from mast_tui.demo.datasets import all_observations
from mast_tui.demo.holdings import HeldObservation, HeldProduct

Floats = npt.NDArray[np.float64]


@cache
def observations() -> Sequence[HeldObservation]:
    return all_observations()


def observed(**wanted: Any) -> list[HeldObservation]:
    """The observations whose row has all the wanted values."""
    return [o for o in observations() if all(o.row[name] == value for name, value in wanted.items())]


def listed(obs_id: str) -> Sequence[HeldProduct]:
    """The products of the one observation with this id."""
    (found,) = observed(obs_id=obs_id)
    return found.products()


def bytes_of(product: HeldProduct) -> bytes:
    """The whole file, as a download gets it: in pieces."""
    assert product.content is not None
    size, step = product.content.size, 1_000_003
    return b"".join(product.content.read(start, step) for start in range(0, size, step))


def opened(product: HeldProduct) -> fits.HDUList:
    """The file in astropy with its checksums verified; any warning is an error."""
    data = bytes_of(product)
    if str(product.row["productFilename"]).endswith(".gz"):
        data = gzip.decompress(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hdus = fits.open(io.BytesIO(data), checksum=True)
        hdus.verify("exception")
        for hdu in hdus:
            assert hdu.data is None or hdu.data.shape is not None
    return hdus


def suffix(obs_id: str, sub: str) -> fits.HDUList:
    """The first file of an observation with this productSubGroupDescription."""
    return opened(next(p for p in listed(obs_id) if p.row["productSubGroupDescription"] == sub))
