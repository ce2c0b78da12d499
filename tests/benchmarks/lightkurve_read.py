"""How long lightkurve.read takes, for `bench_preview`: needs nothing of this package, so that any interpreter runs it.

    PYTHON lightkurve_read.py REPEATS FILE ...

Prints one JSON object: for every file the first read and the shortest of REPEATS more in ms, or null where lightkurve
does not read it.
"""

import json
import logging
import sys
import time
import warnings


def main() -> None:
    warnings.simplefilter("ignore")
    import lightkurve  # type: ignore[import-not-found, import-untyped, unused-ignore]

    logging.disable(logging.CRITICAL)
    found: dict[str, list[float] | None] = {}
    for path in sys.argv[2:]:
        times = []
        try:
            for _ in range(int(sys.argv[1]) + 1):
                start = time.perf_counter()
                lightkurve.read(path)
                times.append((time.perf_counter() - start) * 1e3)
        except Exception:  # noqa: BLE001 - the file is none that it reads
            found[path] = None
        else:
            found[path] = [times[0], min(times[1:])]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
