"""MAST, asked through astroquery in worker processes: names, observations page by page, products, login.

The controller is the only caller. `client` is the archive as it sees it; `paging` and `retry` are how it asks; `jobs`
is what the workers run, with `session` (who may be asked, who sees the token), `santa` (the name resolver) and
`failures` (where foreign errors become ours) beside it. Importing this room loads no astroquery, astropy or requests.
"""

from mast_tui.archive.answers import Page, PageFailed, ProductsAnswer, unseen
from mast_tui.archive.client import Archive
from mast_tui.archive.retry import RetryPolicy

__all__ = ["Archive", "Page", "PageFailed", "ProductsAnswer", "RetryPolicy", "unseen"]
