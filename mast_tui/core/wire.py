"""How numbers and labels cross from a worker process to the app: JSON for the shape, raw bytes for the arrays.

A worker reads files and answers from outside; were it ever taken over, a pickle from it would run in the app. JSON
and flat arrays of numbers can't. Used by `core.workers`; an array of 500,000 floats costs one copy.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from mast_tui.core.secret import Secret

_HEAD = struct.Struct(">II")
_KINDS = "biuf"
#: No frame is larger; a worker that claims more is broken.
MAX_FRAME = 1 << 31


def encode(value: object) -> bytes:
    """One frame: lengths, JSON, arrays. `value` is JSON-like; numpy arrays of numbers and `bytes` may be anywhere.

    A `Secret` may be anywhere too, so that it stays wrapped up to the private pipe; it arrives as a plain word.
    """
    blobs: list[bytes] = []

    def default(item: object) -> object:
        if isinstance(item, np.ndarray):
            if item.dtype.kind not in _KINDS:
                raise TypeError(f"arrays of {item.dtype} do not cross between processes")
            blobs.append(np.ascontiguousarray(item).tobytes())
            return {"$array": len(blobs) - 1, "dtype": item.dtype.str, "shape": list(item.shape)}
        if isinstance(item, bytes):
            blobs.append(item)
            return {"$bytes": len(blobs) - 1}
        if isinstance(item, np.generic):
            return item.item()
        if isinstance(item, Secret):
            return item.reveal()
        raise TypeError(f"{type(item).__name__} does not cross between processes")

    text = json.dumps(value, default=default, separators=(",", ":")).encode("utf-8", "surrogatepass")
    sizes = struct.pack(f">{len(blobs) + 1}Q", len(blobs), *(len(b) for b in blobs))
    body = sizes + b"".join(blobs)
    return _HEAD.pack(len(text), len(body)) + text + body


def read_frame(read_exactly: Callable[[int], bytes]) -> Any:
    """The next value from a blocking reader that gives exactly the bytes asked for."""
    n_text, n_body = _HEAD.unpack(read_exactly(_HEAD.size))
    return decode(read_exactly(n_text), read_exactly(n_body))


def frame_sizes(head: bytes) -> tuple[int, int]:
    """Lengths of the JSON and of the arrays that follow a head of `HEAD_SIZE` bytes."""
    n_text, n_body = _HEAD.unpack(head)
    if n_text + n_body > MAX_FRAME:
        raise ValueError("a frame larger than 2 GiB")
    return n_text, n_body


HEAD_SIZE = _HEAD.size


def decode(text: bytes, body: bytes) -> Any:
    (count,) = struct.unpack_from(">Q", body)
    sizes = struct.unpack_from(f">{count}Q", body, 8)
    starts = [8 + 8 * count]
    for size in sizes:
        starts.append(starts[-1] + size)

    def restore(item: dict[str, Any]) -> Any:
        if "$array" in item and "dtype" in item:
            dtype = np.dtype(item["dtype"])
            if dtype.kind not in _KINDS:
                raise ValueError(f"an array of {dtype}")
            at = item["$array"]
            flat = np.frombuffer(body, dtype, count=sizes[at] // dtype.itemsize, offset=starts[at])
            return flat.reshape(item["shape"])
        if "$bytes" in item and len(item) == 1:
            at = item["$bytes"]
            return body[starts[at] : starts[at + 1]]
        return item

    return json.loads(text.decode("utf-8", "surrogatepass"), object_hook=restore)
