"""The checksums of a stream of bytes: always SHA-256, and MD5 beside it where a server has stated that one."""

from __future__ import annotations

import hashlib


class Digests:
    def __init__(self, md5: bool = False) -> None:
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False) if md5 else None

    def update(self, data: bytes) -> None:
        self._sha256.update(data)
        if self._md5 is not None:
            self._md5.update(data)

    def hexdigest(self) -> str:
        """The SHA-256."""
        return self._sha256.hexdigest()

    def md5(self) -> str:
        """'' where it was not asked for."""
        return self._md5.hexdigest() if self._md5 is not None else ""
