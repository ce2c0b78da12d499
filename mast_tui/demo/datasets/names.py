"""Names the embedded archive can resolve besides those of astroquery's recordings: the targets of its data sets.

Positions are ICRS degrees, those of the files' headers or the published ones to about an arcsecond; that of V839 Cep
is the demo's own (see `tess`). The server asks once.
"""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.demo.datasets.kepler import KEPLER_10, KEPLER_90
from mast_tui.demo.datasets.tess import STARS

Entry = dict[str, str | float | list[str]]

#: canonical name, other names, resolver, right ascension, declination, type
_PLACES: tuple[tuple[str, str, str, float, float, str], ...] = (
    ("M   8", "m8|m 8|messier 8|ngc 6523|lagoon nebula", "SIMBAD", 270.904, -24.387, "OpenCluster"),
    ("MESSIER 008", "m8|m 8|messier 8|ngc 6523|lagoon nebula", "NED", 270.92194, -24.38017, "Neb"),
    ("M 101", "m101|m 101|messier 101|ngc 5457|pinwheel galaxy", "SIMBAD", 210.802429, 54.34875, "GinPair"),
    ("MESSIER 101", "m101|m 101|messier 101|ngc 5457|pinwheel galaxy", "NED", 210.80227, 54.34895, "G"),
    ("M   4", "m4|m 4|messier 4|ngc 6121", "SIMBAD", 245.89675, -26.52575, "GlobCluster"),
    ("MESSIER 004", "m4|m 4|messier 4|ngc 6121", "NED", 245.89675, -26.52575, "*Cl"),
    ("M  31", "m31|m 31|messier 31|ngc 224|andromeda galaxy", "SIMBAD", 10.684708, 41.26875, "AGN"),
    ("MESSIER 031", "m31|m 31|messier 31|ngc 224|andromeda galaxy", "NED", 10.68479, 41.26906, "G"),
    ("TRAPPIST-1", "trappist-1|trappist 1", "SIMBAD", 346.6223687285788, -5.0414353974422, "LowMass*"),
    ("TIC 278892590", "trappist-1|tic 278892590", "TIC", 346.622499, -5.041278, ""),
    ("NGC  5548", "ngc 5548|ngc5548", "SIMBAD", 214.498061, 25.136787, "Seyfert1"),
    ("NGC 5548", "ngc 5548|ngc5548", "NED", 214.49806, 25.13679, "G"),
    ("NGC  4151", "ngc 4151|ngc4151", "SIMBAD", 182.635737, 39.405725, "Seyfert1"),
    ("NGC 4151", "ngc 4151|ngc4151", "NED", 182.63574, 39.40573, "G"),
    ("NGC  3132", "ngc 3132|ngc3132|southern ring nebula", "SIMBAD", 151.757084, -40.436561, "PlanetaryNeb"),
    ("NAME GOODS-S", "goods-s|goods south", "SIMBAD", 53.1227, -27.8052, "Region"),
    ("Cl  Herschel 36", "herschel 36|cl* ngc 6530 zcw 175", "SIMBAD", 270.918042, -24.378528, "Star"),
    ("*   9 Sgr", "9 sgr|hd 164794", "SIMBAD", 270.968534, -24.360778, "SB*"),
    ("* alf Cen A", "alpha cen a|alf cen a|hd 128620", "SIMBAD", 219.902066, -60.833993, "SB*"),
    ("* tau Cet", "tau cet|tau ceti|hd 10700", "SIMBAD", 26.017013, -15.937480, "HighPM*"),
    ("BD+52   913", "g191-b2b|wd g191-b2b|bd+52 913", "SIMBAD", 76.377553, 52.831058, "WhiteDwarf"),
    ("EGGR 102", "grw+70 5824|grw+70d5824|eggr 102", "SIMBAD", 204.710306, 70.285463, "WhiteDwarf"),
    ("SMACS J0723.3-7327", "smacs 0723|smacs j0723.3-7327", "SIMBAD", 110.826750, -73.454583, "ClG"),
    ("TIC 358108509", "tic 358108509", "TIC", 51.1119, -77.4515, ""),
    ("KIC 10002792", "kic 10002792|kplr010002792", "SIMBAD", 287.86721, 46.98308, "Star"),
    ("EPIC 211117077", "epic 211117077|ktwo211117077", "SIMBAD", 55.967295, 24.841616, "Star"),
)  # fmt: skip
_MORE = {
    261136679: "pi men|* pi. men|hd 39091|toi-144",
    25155310: "wasp-126|wasp 126|toi-114",
    375422201: "v839 cep|v* v839 cep",
    307210830: "l 98-59|l   98-59|toi-175",
    441420236: "au mic|v* au mic|hd 197481",
    100100827: "wasp-18|wasp 18|hd 10069|toi-185",
}


def entries() -> Sequence[Entry]:
    """canonicalName, searchStrings (lower case), resolver, ra and decl (degrees), objectType; one a resolver."""
    made = [_entry(name, words.split("|"), who, ra, dec, kind) for name, words, who, ra, dec, kind in _PLACES]
    for star in STARS:
        words = [f"tic {star.tic}", f"tic{star.tic}", *_MORE[star.tic].split("|")]
        made.append(_entry(star.name, words, "SIMBAD", star.ra_deg, star.dec_deg, star.kind))
        made.append(_entry(f"TIC {star.tic}", words, "TIC", star.ra_deg, star.dec_deg, ""))
    for kepler in (KEPLER_10, KEPLER_90):
        words = [kepler.name.lower(), f"kic {kepler.kic}", f"kplr{kepler.kic:09d}"]
        made.append(_entry(kepler.name, words, "SIMBAD", kepler.ra_deg, kepler.dec_deg, "Star"))
    return made


def _entry(name: str, words: Sequence[str], resolver: str, ra_deg: float, dec_deg: float, kind: str) -> Entry:
    return {
        "canonicalName": name,
        "searchStrings": [w.lower() for w in words],
        "resolver": resolver,
        "ra": ra_deg,
        "decl": dec_deg,
        "objectType": kind,
    }
