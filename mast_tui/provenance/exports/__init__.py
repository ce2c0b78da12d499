"""The record of a fetch in the forms that other tools and papers take. Pure text from a manifest; no network, no files.

A form is one entry of `FORMS`: its module has a function `Manifest -> str`, and only files that were had go in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mast_tui.core.manifest import Manifest
from mast_tui.provenance.exports.checksums import checksums
from mast_tui.provenance.exports.citing import acknowledgement, bibtex
from mast_tui.provenance.exports.notebook import notebook
from mast_tui.provenance.exports.products import product_csv, product_ecsv
from mast_tui.provenance.exports.script import script

__all__ = ["FORMS", "Form"]


@dataclass(frozen=True)
class Form:
    """`about` for people; a file of it is called `file_name` with the session's id in place of {}."""

    about: str
    file_name: str
    write: Callable[[Manifest], str]


FORMS: dict[str, Form] = {
    "script": Form("Python script that fetches exactly these files again, and checks them", "refetch-{}.py", script),
    "notebook": Form("Jupyter notebook that does the same", "refetch-{}.ipynb", notebook),
    "csv": Form("CSV of the products, for the MAST Portal and astroquery", "products-{}.csv", product_csv),
    "ecsv": Form("ECSV of the products, with the types of its columns", "products-{}.ecsv", product_ecsv),
    "bibtex": Form("BibTeX of the data's DOIs and of the software", "references-{}.bib", bibtex),
    "acknowledgement": Form("Acknowledgements, as MAST asks for them", "acknowledgement-{}.txt", acknowledgement),
    "sha256": Form("Checksums, for sha256sum -c in the folder", "SHA256SUMS-{}", checksums),
}
