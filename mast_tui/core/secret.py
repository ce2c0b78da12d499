"""The token, wrapped so that it is never shown by accident."""

from __future__ import annotations


class Secret:
    """A word that prints as *** in every representation, traceback and log; `reveal` is called where it is sent."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word.strip()

    def reveal(self) -> str:
        return self._word

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._word)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not written anywhere")
