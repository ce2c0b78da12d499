"""What a file's name says of where it comes from: mission, instrument, visit, exposure, and the step that made it.

A mission is one `Names`: patterns with named groups, each with the words for what its files are a part of and the
pattern (with %) of the observations that may list them, and a table of `Step`s, "this suffix is made from those". To
add one, append a `Names` to `MISSIONS`; groups that patterns may have:
- `root`     what all products of one exposure (or of one target and sector) share; it is followed by "_" and
- `suffix`   the kind of product, a key of the steps;
- `proposal`, `instrument` where the name has them;
- `combined` is in those patterns whose root stands for several exposures;
- any other, for the words.

Sources: HST Data Handbooks, Introduction, "File names and suffixes" and the appendix "IPPPSSOOT rootnames"
(https://hst-docs.stsci.edu/hstdhb); HAP and HASP names: https://hst-docs.stsci.edu/hstdhb and
https://archive.stsci.edu/missions-and-data/hst/hasp; JWST: https://jwst-pipeline.readthedocs.io, "File naming schemes"
and "Science products"; TESS: Science Data Products Description (EXP-TESS-ARC-ICD-0014); Kepler and K2: Kepler Archive
Manual (KDMC-10008), sections 2.1 and 2.3; contributed products:
https://outerspace.stsci.edu/display/MASTDOCS/HLSP+Contributor+Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: The steps in the order of the pipelines; CAOM's calibration levels say the same in numbers.
RAW, CALIBRATED, COMBINED, HIGH_LEVEL = "raw", "calibrated", "combined", "high-level"
STAGES = (RAW, CALIBRATED, COMBINED, HIGH_LEVEL)
#: The archive's collection of what others made of its data.
CONTRIBUTED = "HLSP"
#: A step for every suffix.
ANY = "*"
#: Files that go with the data: associations, previews, logs, engineering.
SUPPORT = "support"


@dataclass(frozen=True)
class Step:
    """A kind of product: its stage, and the suffixes it is made from, the usual one first."""

    stage: str
    made_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """How one mission names its files: patterns, each with words and observations, and what is made from what."""

    mission: str
    patterns: tuple[tuple[re.Pattern[str], str, str], ...]
    steps: Mapping[str, Step]
    instruments: Mapping[str, str]
    #: Steps that one instrument takes otherwise, and those ("combined") of roots that stand for several exposures.
    otherwise: Mapping[str, Mapping[str, Step]]


@dataclass(frozen=True)
class Named:
    """What is known from a name alone; '' for what is not. `proposal` has no leading zeros.

    `above` names the visit, observation or sector; `ending` is '.fits' or the like; `observations` is the pattern,
    with %, of the archive's obs_ids that may list this file.
    """

    name: str
    mission: str = ""
    root: str = ""
    suffix: str = ""
    stage: str = SUPPORT
    made_from: tuple[str, ...] = ()
    above: str = ""
    proposal: str = ""
    instrument: str = ""
    combined: bool = False
    ending: str = ""
    observations: str = ""

    def sibling(self, suffix: str) -> str:
        """The name of the product of the same root with another suffix."""
        return f"{self.root}_{suffix}{self.ending}"


def read_name(name: str) -> Named:
    """What the name of a file says, by the first pattern that fits it; a `Named` without a mission for none."""
    name = name.rsplit("/", 1)[-1]
    if len(name) > _LONGEST:
        return Named(name)
    for names in MISSIONS:
        for pattern, above, observations in names.patterns:
            match = pattern.fullmatch(name)
            if match is not None:
                return _named(names, match, above, observations)
    return Named(name)


def _named(names: Names, match: re.Match[str], above: str, observations: str) -> Named:
    groups = {key: _plain(value) for key, value in match.groupdict("").items()}
    suffix, instrument = match["suffix"].lower(), groups.get("instrument", "").lower()
    instrument = names.instruments.get(instrument, instrument.upper())
    combined = match.groupdict().get("combined") is not None
    others = names.otherwise.get("combined" if combined else "", names.otherwise.get(instrument, {}))
    step = others.get(suffix) or names.steps.get(suffix) or names.steps.get(ANY)
    if match["ending"].lower() not in _DATA or step is None:
        step = Step(SUPPORT)
    return Named(
        match[0],
        names.mission,
        match["root"].lower(),
        suffix,
        step.stage,
        step.made_from,
        above.format(**groups).rstrip(" ·"),
        groups.get("proposal", ""),
        instrument,
        combined,
        match["ending"],
        observations.format(**match.groupdict("")).lower(),
    )


def _plain(value: str) -> str:
    """Numbers without leading zeros."""
    return str(int(value)) if value.isdecimal() else value


#: Previews come in sizes: …_i2d.jpg, …_i2d_thumb.jpg, …_llc_bw_large.png.
_ENDING = r"(?:_thumb|_integ|_bw_[a-z]+)?(?P<ending>\.(?:fits|ecsv|json|csv|pdf|xml|txt|jpe?g|png|tra)(?:\.(?:gz|fz))?)"
#: Longer names are none of a mission's.
_LONGEST = 200
_DATA = frozenset((".fits", ".fits.gz", ".fits.fz", ".ecsv", ".txt", ".csv"))

_HST = {
    **dict.fromkeys(("raw", "rawtag", "rawtag_a", "rawtag_b", "rawaccum", "d0m", "d0f", "tag"), Step(RAW)),
    **dict.fromkeys(("flt", "flc", "ima", "blv", "blc"), Step(CALIBRATED, ("raw",))),
    **dict.fromkeys(("c0m", "c1m"), Step(CALIBRATED, ("d0m",))),
    **dict.fromkeys(("c0f", "c1f"), Step(CALIBRATED, ("d0f",))),
    "cal": Step(CALIBRATED, ("ima", "raw")),
    "crj": Step(COMBINED, ("flt",)),
    "crc": Step(COMBINED, ("flc",)),
    "sfl": Step(COMBINED, ("flt",)),
    "mos": Step(COMBINED, ("cal",)),
    "drz": Step(COMBINED, ("flt", "c0m")),
    "drc": Step(COMBINED, ("flc",)),
    "x1d": Step(CALIBRATED, ("flt", "raw")),
    "x2d": Step(CALIBRATED, ("flt", "raw")),
    "sx1": Step(CALIBRATED, ("crj", "flt")),
    "sx2": Step(CALIBRATED, ("crj", "flt")),
    "x1dsum": Step(COMBINED, ("x1d",)),
    "cspec": Step(HIGH_LEVEL, ("x1d", "sx1")),
}
_COS = {
    **dict.fromkeys(("corrtag_a", "corrtag_b"), Step(CALIBRATED, ("rawtag_a", "rawtag_b", "rawtag"))),
    "corrtag": Step(CALIBRATED, ("rawtag", "rawaccum")),
    "flt": Step(CALIBRATED, ("corrtag", "corrtag_a", "rawtag", "raw")),
    "x1d": Step(CALIBRATED, ("flt", "corrtag", "rawtag", "raw")),
}
# fmt: off
_HST_INSTRUMENTS = {
    "j": "ACS", "i": "WFC3", "l": "COS", "o": "STIS", "n": "NICMOS", "u": "WFPC2", "w": "WFPC", "x": "FOC",
    "y": "FOS", "z": "GHRS", "v": "HSP", "f": "FGS",
}
# fmt: on

_JWST = {
    "uncal": Step(RAW),
    "rate": Step(CALIBRATED, ("uncal",)),
    "rateints": Step(CALIBRATED, ("uncal",)),
    "cal": Step(CALIBRATED, ("rate",)),
    "calints": Step(CALIBRATED, ("rateints",)),
    "crf": Step(CALIBRATED, ("cal",)),
    "crfints": Step(CALIBRATED, ("calints",)),
    "s2d": Step(CALIBRATED, ("crf", "cal")),
    "s3d": Step(CALIBRATED, ("crf", "cal")),
    "i2d": Step(CALIBRATED, ("crf", "cal")),
    "x1d": Step(CALIBRATED, ("s2d", "s3d", "cal")),
    "x1dints": Step(CALIBRATED, ("crfints", "calints")),
}
#: What stage 3 makes of the exposures of an association.
_JWST_3 = {
    "i2d": Step(COMBINED, ("crf", "cal")),
    "s2d": Step(COMBINED, ("crf", "cal")),
    "s3d": Step(COMBINED, ("crf", "cal")),
    "x1d": Step(COMBINED, ("s2d", "s3d", "cal")),
    "x1dints": Step(COMBINED, ("crfints", "calints")),
    "c1d": Step(COMBINED, ("x1d",)),
    "whtlt": Step(COMBINED, ("x1dints",)),
    "phot": Step(COMBINED, ("crfints", "calints")),
    "ami-oi": Step(COMBINED, ("calints",)),
    "cat": Step(COMBINED, ("i2d",)),
    "segm": Step(COMBINED, ("i2d",)),
}
# fmt: off
_JWST_INSTRUMENTS = {
    "nrc": "NIRCam", "nrs": "NIRSpec", "nis": "NIRISS", "mir": "MIRI", "gui": "FGS", "fgs": "FGS",
    "nircam": "NIRCam", "nirspec": "NIRSpec", "niriss": "NIRISS", "miri": "MIRI",
}
# fmt: on

#: Raw target pixels are not files of their own: the pixel file has them beside the calibrated ones.
_PHOTOMETRY = {
    **dict.fromkeys(("tp", "fast-tp", "lpd-targ", "spd-targ", "ffi-cal"), Step(CALIBRATED)),
    "ffir": Step(RAW),
    "ffic": Step(CALIBRATED, ("ffir",)),
    "lc": Step(CALIBRATED, ("tp",)),
    "fast-lc": Step(CALIBRATED, ("fast-tp",)),
    "llc": Step(CALIBRATED, ("lpd-targ",)),
    "slc": Step(CALIBRATED, ("spd-targ",)),
    "dvt": Step(COMBINED, ("lc",)),
    "dvr": Step(COMBINED, ("dvt",)),
    "dvm": Step(COMBINED, ("dvt",)),
    "dvs": Step(COMBINED, ("dvt",)),
}

_IPPPSS = r"(?P<visit>(?P<instrument>[fijlnouvwxyz])[a-z0-9]{3}[a-z0-9]{2})"
_HAP = r"hst_(?P<proposal>\d+)_[a-z0-9]+_[a-z0-9]+_[a-z0-9]+_[a-z0-9]+_"
_TIC = r"(?P<tic>\d{16})"


def _patterns(*given: tuple[str, str, str]) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(pattern + _ENDING, re.I), above, observed) for pattern, above, observed in given)


MISSIONS: tuple[Names, ...] = (
    Names(
        "HST",
        _patterns(
            # jbeveo010_drz: the last sign of an association's root is a digit, of an exposure's a letter
            (
                rf"(?P<root>{_IPPPSS}[a-z0-9]{{2}}(?P<combined>\d))_(?P<suffix>[a-z0-9]+(?:_[ab])?)",
                "visit {visit}",
                "{visit}%",
            ),
            (rf"(?P<root>{_IPPPSS}[a-z0-9]{{2}}[a-z])_(?P<suffix>[a-z0-9]+(?:_[ab])?)", "visit {visit}", "{visit}%"),
            # hst_12062_eo_acs_wfc_f606w_jbeveo_drc of a visit, …_jbeveoab_flc of an exposure of it
            (rf"(?P<root>{_HAP}{_IPPPSS})_(?P<combined>)(?P<suffix>[a-z0-9-]+)", "visit {visit}", "{root}%"),
            (rf"(?P<root>{_HAP}{_IPPPSS}[a-z0-9]{{2}})_(?P<suffix>[a-z0-9-]+)", "visit {visit}", "{visit}%"),
            # hst_8143_stis_hd10700_e140m_o5cy_cspec: spectra of a programme or of a visit
            (
                r"(?P<root>hst_(?P<proposal>\d+)_(?:[a-z0-9-]+_)+(?P<instrument>[lo])[a-z0-9]{3,5})_"
                r"(?P<combined>)(?P<suffix>cspec|aspec)",
                "spectra of the programme",
                "{root}%",
            ),
            (
                r"(?P<root>hst_(?P<cell>skycell-[a-z0-9]+)_.+)_(?P<combined>)(?P<suffix>[a-z0-9]+)",
                "sky cell {cell}",
                "{root}%",
            ),
        ),
        _HST,
        _HST_INSTRUMENTS,
        {"COS": _COS},
    ),
    Names(
        "JWST",
        _patterns(
            (
                r"(?P<root>jw(?P<proposal>\d{5})(?P<observation>\d{3})\d{3}_\d{5}_\d{5}(?:-seg\d{3})?_"
                r"(?P<instrument>[a-z]{3})[a-z0-9]*)(?:_[oac]\d+)?_(?P<suffix>[a-z0-9]+)",
                "observation {observation}",
                "jw{proposal}-o{observation}%",
            ),
            (
                r"(?P<root>jw(?P<proposal>\d{5})-o(?P<observation>\d{3})_[tsb]\d+(?:-epoch\d+)?_"
                r"(?P<instrument>[a-z]+)_[a-z0-9-]+)_(?P<combined>)(?P<suffix>[a-z0-9]+)",
                "observation {observation}",
                "jw{proposal}-o{observation}%",
            ),
            (
                r"(?P<root>jw(?P<proposal>\d{5})-(?P<candidate>[ac]\d+)_[tsb]\d+(?:-epoch\d+)?_"
                r"(?P<instrument>[a-z]+)_[a-z0-9-]+)_(?P<combined>)(?P<suffix>[a-z0-9]+)",
                "several observations ({candidate})",
                "{root}%",
            ),
            (
                r"(?P<root>jw(?P<proposal>\d{5})-o(?P<observation>\d{3})_[a-z0-9_]+)_(?P<suffix>asn)",
                "observation {observation}",
                "jw{proposal}-o{observation}%",
            ),
            # guide stars, and the shutters of NIRSpec
            (
                r"(?P<root>jw(?P<proposal>\d{5})(?P<observation>\d{3})\d{3})_(?P<suffix>gs-[a-z0-9]+)_\d+_[a-z0-9_-]+",
                "observation {observation}",
                "jw{proposal}-o{observation}%",
            ),
            (
                r"(?P<root>jw(?P<proposal>\d{5})(?P<observation>\d{3})\d{3}_\d+)_(?P<suffix>msa)",
                "observation {observation}",
                "jw{proposal}-o{observation}%",
            ),
            (r"(?P<root>jw(?P<proposal>\d{5})_[a-z0-9]+)_(?P<suffix>pool)", "", "jw{proposal}-o%"),
        ),
        _JWST,
        _JWST_INSTRUMENTS,
        {"combined": _JWST_3},
    ),
    Names(
        "TESS",
        _patterns(
            (
                rf"(?P<root>tess\d{{13}}-s(?P<sector>\d{{4}})-{_TIC}-\d{{4}}-[a-z])_"
                r"(?P<suffix>lc|fast-lc|tp|fast-tp)",
                "TIC {tic} · sector {sector}",
                "{root}%",
            ),
            (
                rf"(?P<root>tess\d{{13}}-s(?P<sector>\d{{4}})-s(?P<last>\d{{4}})-{_TIC}(?:-\d+)+)_"
                r"(?P<combined>)(?P<suffix>dv[trms])",
                "TIC {tic} · sectors {sector}–{last}",
                "tess%-{tic}-%",
            ),
            (
                r"(?P<root>tess\d{13}-s(?P<sector>\d{4})-(?P<camera>\d)-(?P<ccd>\d)-\d{4}-[a-z])_"
                r"(?P<suffix>ffi[rc])",
                "sector {sector} · camera {camera} · CCD {ccd}",
                "tess-s{sector}-{camera}-{ccd}%",
            ),
        ),
        _PHOTOMETRY,
        {},
        {},
    ),
    Names(
        "Kepler",
        _patterns(
            (r"(?P<root>kplr(?P<kic>\d{9})-\d{13})_(?P<suffix>llc|slc|lpd-targ|spd-targ)", "KIC {kic}", "kplr{kic}%"),
            (r"(?P<root>kplr(?P<kic>\d{9})-\d{14})_(?P<combined>)(?P<suffix>dv[trms])", "KIC {kic}", "kplr{kic}%"),
        ),
        _PHOTOMETRY,
        {},
        {},
    ),
    Names(
        "K2",
        _patterns(
            (
                r"(?P<root>ktwo(?P<epic>\d{9})-c(?P<campaign>\d{2,3}))_(?P<suffix>llc|slc|lpd-targ|spd-targ)",
                "EPIC {epic} · campaign {campaign}",
                "{root}%",
            ),
        ),
        _PHOTOMETRY,
        {},
        {},
    ),
    Names(
        CONTRIBUTED,
        _patterns(
            (
                # light curves of one star and sector belong beside the mission's own
                r"(?=.*s(?P<sector>\d{4}))(?=.*(?P<tic>\d{16}))"
                r"(?P<root>hlsp_(?P<project>[a-z0-9-]+)_tess_.+?)_(?P<suffix>[a-z0-9-]+)",
                "TIC {tic} · sector {sector}",
                "{root}%",
            ),
            (
                r"(?P<root>hlsp_(?P<project>[a-z0-9-]+)_.+?)_(?P<combined>)(?P<suffix>[a-z0-9-]+)",
                "contributed by {project}",
                "{root}%",
            ),
        ),
        {ANY: Step(HIGH_LEVEL)},
        {},
        {},
    ),
)
