"""mast-tui: the Mikulski Archive for Space Telescopes in a terminal.

Say a target, programme or data set; see what the archive holds; look at the spectrum, light curve or image;
queue what is worth the bytes; have verified files and a manifest that gets the same data again.
"""

__version__ = "0.1.0"
