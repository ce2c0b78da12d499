"""What crosses from a worker to the app arrives as it was; what must not cross does not."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.core import wire
from mast_tui.core.secret import Secret


def through(value: object) -> Any:
    stream = io.BytesIO(wire.encode(value))
    return wire.read_frame(stream.read)


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_characters="$")), inner),
    max_leaves=12,
)


@given(_plain)
@settings(max_examples=80)
def test_plain_values_arrive_as_they_were(value: object) -> None:
    assert through(value) == value


@pytest.mark.parametrize("dtype", ["<f8", "<f4", ">f8", "<i8", "i1", "u1", "<u4", "?"])
def test_arrays_arrive_with_their_type_and_shape(dtype: str) -> None:
    made = np.arange(24).astype(dtype).reshape(4, 6)
    arrived = through({"a": [made, made[::2, ::3]], "b": "x"})
    assert arrived["b"] == "x"
    for sent, got in ((made, arrived["a"][0]), (made[::2, ::3], arrived["a"][1])):
        assert got.dtype == sent.dtype and got.shape == sent.shape and np.array_equal(got, sent)


def test_empty_arrays_bytes_and_numbers_of_numpy() -> None:
    arrived = through({"none": np.empty((0, 3)), "raw": b"\x00\xff", "n": np.int32(7), "x": np.float64(0.5)})
    assert arrived["none"].shape == (0, 3)
    assert (arrived["raw"], arrived["n"], arrived["x"]) == (b"\x00\xff", 7, 0.5)


def test_nan_and_broken_text_arrive() -> None:
    arrived = through({"x": float("nan"), "s": "a\ud800b"})
    assert arrived["x"] != arrived["x"] and arrived["s"] == "a\ud800b"


def test_a_secret_crosses_wrapped_on_this_side_and_plain_on_the_other() -> None:
    job = {"token": Secret("SEKRIT"), "page": 1}
    assert "SEKRIT" not in repr(job)
    assert through(job) == {"token": "SEKRIT", "page": 1}


@pytest.mark.parametrize("value", [np.array(["text"]), np.array([object()]), {1, 2}, object(), print])
def test_what_is_neither_number_nor_text_does_not_cross(value: object) -> None:
    with pytest.raises(TypeError, match="not cross"):
        wire.encode({"value": value})


def test_an_array_of_objects_is_not_made_by_a_frame_that_asks_for_one() -> None:
    text = b'{"$array":0,"dtype":"|O","shape":[1]}'
    body = wire.encode({"a": np.zeros(1)})[-8:]
    forged = (1).to_bytes(8, "big") + (8).to_bytes(8, "big") + body
    with pytest.raises(ValueError, match="array"):
        wire.decode(text, forged)


def test_a_frame_that_claims_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        wire.frame_sizes(b"\xff" * wire.HEAD_SIZE)
