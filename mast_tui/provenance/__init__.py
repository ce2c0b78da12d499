"""Where data come from, and how anyone gets the same again: identifiers of collections, and a query in other spellings.

The controller fills a fetch's DOIs with `doi_for`; the screens and the command line show `spellings` of a query.
`tree_of` puts files into the tree they come from, by their names (`read_name`), headers and association files;
`mixed_versions` warns where files that are to be used together were made by different versions of a pipeline.
"""

from mast_tui.provenance.association import (
    Association,
    HeaderFacts,
    Member,
    header_facts,
    read_association,
    table_association,
)
from mast_tui.provenance.dois import STANDING_DOIS, StandingDoi, doi_for
from mast_tui.provenance.names import Named, read_name
from mast_tui.provenance.spelling import spellings
from mast_tui.provenance.tree import KnownFile, tree_of
from mast_tui.provenance.versions import mixed_versions

__all__ = [
    "STANDING_DOIS",
    "Association",
    "HeaderFacts",
    "KnownFile",
    "Member",
    "Named",
    "StandingDoi",
    "doi_for",
    "header_facts",
    "mixed_versions",
    "read_association",
    "read_name",
    "spellings",
    "table_association",
    "tree_of",
]
