"""The embedded archive: a loopback server that unmodified astroquery takes for MAST.

It holds recorded answers (astroquery's own test data, read from the installed package), a few real public files,
and simulated data sets in the missions' layouts; each says in `provenance_name` or `description` which it is.
The command line starts it in a process of its own; nothing of it is ever loaded into the app.
"""
