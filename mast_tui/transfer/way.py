"""The way to a host, as the environment has it: through which proxy, and whose certificates are believed.

As requests reads it, and so as astroquery goes: `HTTPS_PROXY`, `NO_PROXY` and their kin or the system's settings,
`REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`, else certifi. requests itself is asked, but loaded only where there may be an
answer. This machine is reached without. Used by `web`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ENDING = "_proxy"


def manager_for(url: str) -> urllib3.PoolManager:
    """What opens connections to the host of this address, one at a time. ValueError for a proxy that can't be used."""
    parts = urlsplit(url)
    options: dict[str, Any] = {"num_pools": 1, "maxsize": 1}
    if parts.scheme == "https":
        options |= _certificates()
    proxy = None if (parts.hostname or "") in _LOOPBACK else _proxy(url)
    if proxy is None:
        return urllib3.PoolManager(**options)
    if proxy.lower().startswith("socks"):
        try:
            from urllib3.contrib.socks import SOCKSProxyManager
        except ImportError:
            raise ValueError("the proxy is a SOCKS proxy, for which PySocks must be installed") from None
        return SOCKSProxyManager(proxy, **options)
    from requests.utils import get_auth_from_url

    name, password = get_auth_from_url(proxy)
    headers = urllib3.make_headers(proxy_basic_auth=f"{name}:{password}") if name else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)


def _proxy(url: str) -> str | None:
    systems_own = sys.platform == "darwin"
    if not systems_own and not any(name.lower().endswith(_ENDING) and value for name, value in os.environ.items()):
        return None
    from requests.utils import get_environ_proxies, select_proxy

    found = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    return found if not found or "://" in found else f"http://{found}"


def _certificates() -> dict[str, Any]:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if believed := os.environ.get(name):
            if not Path(believed).exists():
                raise ValueError(f"{name} names certificates that are not there")
            break
    else:
        from certifi import where

        believed = where()
    return {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir" if Path(believed).is_dir() else "ca_certs": believed}
