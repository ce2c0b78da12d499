"""Product lists and the files behind their addresses, over all observations that the sky holds.

`invoke` lists by obsid; `downloads` finds a file by its `dataURI`. A data set makes its list when somebody asks, so
the index of all addresses is made with the first download of a file that was not listed before.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mast_tui.demo.bulk import FIRST_OBSID
from mast_tui.demo.holdings import Cell, Content, HeldObservation, HeldProduct, Row
from mast_tui.demo.sky import Sky

_SIMULATED_URI = re.compile(r"mast:[^/]+/simulated/(\d+)/")
_KEPT_LISTS = 64


@dataclass(frozen=True)
class File:
    """A file that can be downloaded, with the observation that decides who may have it."""

    uri: str
    content: Content
    row: Row
    observation: Row


class Products:
    """Lists by obsid and files by address. Safe to call from many threads."""

    def __init__(self, sky: Sky):
        self._sky = sky
        self._lock = threading.RLock()
        self._lists: OrderedDict[int, list[Mapping[str, Cell]]] = OrderedDict()
        self._files: dict[str, File] = {}
        self._indexed = False

    def rows(self, obsid: int) -> Sequence[Mapping[str, Cell]]:
        """The product rows of one product group, with `obsID`; empty for an unknown or a planned one."""
        with self._lock:
            kept = self._lists.get(obsid)
            if kept is not None:
                return kept
            rows: dict[str, Mapping[str, Cell]] = {}
            for observation in self._sky.observations(obsid):
                for product in self._listed(observation):
                    rows.setdefault(_line(product), _row(product, obsid))
            self._lists[obsid] = list(rows.values())
            while len(self._lists) > _KEPT_LISTS:
                self._lists.popitem(last=False)
            return self._lists[obsid]

    def file(self, uri: str) -> File | None:
        """The file at an address, None when there is none or its bytes are not held."""
        with self._lock:
            if uri not in self._files:
                simulated = _SIMULATED_URI.match(uri)
                if simulated and int(simulated[1]) >= FIRST_OBSID:
                    self.rows(int(simulated[1]))
                elif not self._indexed:
                    self._indexed = True
                    for observation in self._sky.held:
                        self._listed(observation)
            return self._files.get(uri)

    def add(self, uri: str, content: Content, row: Row) -> None:
        """A public file that no observation lists, such as those of the recorded mission products."""
        with self._lock:
            self._files.setdefault(uri, File(uri, content, row, {"dataRights": "PUBLIC"}))

    def _listed(self, observation: HeldObservation) -> Sequence[HeldProduct]:
        products = observation.products()
        for product in products:
            if product.content is not None:
                uri = str(product.row["dataURI"])
                self._files.setdefault(uri, File(uri, product.content, product.row, observation.row))
        return products


def _line(product: HeldProduct) -> str:
    """What makes two rows of a list the same: planes of one observation list the same files."""
    return f"{product.row.get('obs_id')} {product.row.get('dataURI')} {product.row.get('parent_obsid')}"


def _row(product: HeldProduct, obsid: int) -> Mapping[str, Cell]:
    row = {"obsID": obsid, **product.row}
    parent = row.get("parent_obsid")
    row["parent_obsid"] = obsid if parent is None else int(parent)
    if row.get("size") is None and product.content is not None:
        row["size"] = product.content.size
    return row
