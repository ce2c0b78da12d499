"""The analysis room: questions asked of a series, numbers in and numbers out.

What takes milliseconds (normalise, flatten, bin, fold, stitch, units, lines, summaries) are plain functions on
`core.look.Series`, with numpy alone, for any caller. Period searches run in a worker process that imports astropy.
"""
