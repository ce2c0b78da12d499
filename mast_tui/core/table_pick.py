"""Some of the rows of a packed page, without unpacking it: for joining files that several answers list.

Works on the format that `core.table_pack` describes. Called by `archive.answers`, in the app.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.table_pack import END


def packed_texts(packed: Mapping[str, Any], name: str) -> list[str]:
    """The texts of one column of a page, one a row; empty texts when it has no such column of text."""
    for column in packed["columns"]:
        if column["name"] == name and column["kind"] == "str":
            words = [w.decode("utf-8", "surrogatepass") for w in column["words"].split(bytes([END]))[:-1]]
            return [words[code] for code in column["codes"]]
    return [""] * int(packed["n"])


def picked(packed: Mapping[str, Any], keep: NDArray[np.bool_]) -> dict[str, Any]:
    """The page with only the rows for which `keep` is true. Arrays hold one value a row; everything else is kept."""
    columns = [
        {key: value[keep] if isinstance(value, np.ndarray) else value for key, value in column.items()}
        for column in packed["columns"]
    ]
    return {"n": int(np.count_nonzero(keep)), "columns": columns}
