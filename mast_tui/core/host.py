"""Which archive is spoken to, and where each of its services lives. The one place that knows addresses.

https anywhere, plain http on this machine's loopback only: a token or a query must not cross a network in the clear.
The paths are those of astroquery 0.4.11 (`discovery_portal`, `services`, `auth`, `missions`, `utils`).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlsplit

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.text import clean

MAST = "https://mast.stsci.edu"
#: astroquery asks the resolver in plain http; the host answers https as well (not verified from here), so we ask that.
MAST_RESOLVER = "https://mastresolver.stsci.edu"

#: Hosts that MAST rows may point at (previews, files). Anything else in a row is never contacted.
TRUSTED_SUFFIX = ".stsci.edu"

#: The public copy of most of MAST's files, open to everybody (astroquery's bucket `stpubdata`). astroquery spells it
#: `http://s3.amazonaws.com/stpubdata`; the bucket's own address is the same over https.
MAST_CLOUD = "https://stpubdata.s3.amazonaws.com"
_IN_A_REGION = re.compile(r"stpubdata\.s3[.-][a-z0-9-]+\.amazonaws\.com")


class Server(Protocol):
    """Where a file is asked for: what may be asked there, what it is told, and what it is called in a sentence."""

    @property
    def called(self) -> str: ...
    def trusts(self, url: str) -> bool: ...
    def takes_token(self, url: str) -> bool: ...


@dataclass(frozen=True)
class ArchiveHost:
    """The base address of an archive, without a trailing slash."""

    base: str = MAST

    @property
    def called(self) -> str:
        return "the archive"

    @property
    def is_mast(self) -> bool:
        return self.base == MAST

    @property
    def name(self) -> str:
        """Host, with the port where it is not the usual one: what manifests and screens call the archive."""
        return urlsplit(self.base).netloc

    @property
    def invoke_url(self) -> str:
        return f"{self.base}/api/v0/invoke"

    @property
    def resolver_url(self) -> str:
        return f"{MAST_RESOLVER if self.is_mast else self.base}/Santa-war/query"

    @property
    def whoami_url(self) -> str:
        return f"{self.base}/whoami"

    def download_url(self, uri: str) -> str:
        """Where the bytes of `uri` (mast:...) are had."""
        return f"{self.base}/api/v0.1/Download/file?uri={quote(uri, safe=':/')}"

    def path_lookup_url(self, uris: Iterable[str]) -> str:
        """Where the archive says which path each of `uris` has, from which follows its place in the cloud copy."""
        asked = "&".join(f"uri={quote(uri, safe=':/')}" for uri in uris)
        return f"{self.base}/api/v0.1/path_lookup/?{asked}"

    def trusts(self, url: str) -> bool:
        """May this address, found in a row or a redirect, be asked at all? Same archive, or MAST's own domain."""
        return _is_trusted(url, self.base, lambda host: self.is_mast and _in_domain(host))

    def takes_token(self, url: str) -> bool:
        """Only the archive itself ever sees the token, and only over https or on this machine."""
        parts, own = urlsplit(url), urlsplit(self.base)
        return (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)


@dataclass(frozen=True)
class CloudHost:
    """The public cloud copy of an archive's files: it is asked without a name, and never sees a token."""

    base: str = MAST_CLOUD

    @property
    def called(self) -> str:
        return "the cloud copy"

    def file_url(self, key: str) -> str:
        """Where the bytes under `key`, a path below the bucket, are had."""
        return f"{self.base}/{quote(key, safe='/')}"

    def trusts(self, url: str) -> bool:
        """The bucket itself, also under the name of its region, to which S3 redirects while its names spread."""
        ours = self.base == MAST_CLOUD
        return _is_trusted(url, self.base, lambda host: ours and _IN_A_REGION.fullmatch(host) is not None)

    def takes_token(self, url: str) -> bool:
        return False


def parse_host(address: str) -> ArchiveHost:
    """The archive at `address`, or InvalidQuery in a sentence."""
    address = address.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
        parts = urlsplit("")
    if not host or parts.query or parts.fragment or parts.username or parts.password:
        raise InvalidQuery(f"“{clean(address, 80)}” is not an archive's address", "", f"It looks like {MAST}")
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return ArchiveHost(address)
    raise InvalidQuery(
        f"“{clean(address, 80)}” is not spoken to",
        "Plain http is for this machine only; anything else must be https",
        "Use https://…, or http://127.0.0.1:PORT",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_trusted(url: str, base: str, also: Callable[[str], bool]) -> bool:
    """Whether an address is that of `base`; or over https, at its own port, of a host that `also` takes. Never one with
    a name or password in it."""
    try:
        parts, own = urlsplit(url), urlsplit(base)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not parts.hostname:
        return False
    if (parts.scheme, parts.hostname, port) == (own.scheme, own.hostname, own.port):
        return True
    return parts.scheme == "https" and port in (None, 443) and also(parts.hostname)


def _in_domain(host: str) -> bool:
    return host == TRUSTED_SUFFIX[1:] or host.endswith(TRUSTED_SUFFIX)
