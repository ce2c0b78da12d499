"""Where data come from, and how anyone gets the same again: identifiers of collections, and a query in other spellings.

The controller fills a fetch's DOIs with `doi_for`; the screens and the command line show `spellings` of a query.
"""

from mast_tui.provenance.dois import STANDING_DOIS, StandingDoi, doi_for
from mast_tui.provenance.spelling import spellings
from mast_tui.provenance.versions import mixed_versions

__all__ = ["STANDING_DOIS", "StandingDoi", "doi_for", "mixed_versions", "spellings"]
