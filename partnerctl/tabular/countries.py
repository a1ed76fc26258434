"""ISO 3166-1 alpha-2 codes, and the names by which files call the commonest countries."""

from __future__ import annotations

from partnerctl.domain.folding import fold_header

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK
YE YT ZA ZM ZW
"""
CODES: frozenset[str] = frozenset(_CODES.split())
"""Every assigned code, and XK, which is in common use."""

_NAMES: dict[str, tuple[str, ...]] = {
    "AE": ("are", "uae", "united arab emirates", "emirados árabes unidos"),
    "AR": ("arg", "argentina"),
    "AT": ("aut", "austria", "áustria"),
    "AU": ("aus", "australia", "austrália"),
    "BE": ("bel", "belgium", "bélgica"),
    "BR": ("bra", "brazil", "brasil"),
    "CA": ("can", "canada", "canadá"),
    "CH": ("che", "switzerland", "suíça"),
    "CL": ("chl", "chile"),
    "CO": ("col", "colombia", "colômbia"),
    "DE": ("deu", "germany", "alemanha"),
    "DK": ("dnk", "denmark", "dinamarca"),
    "ES": ("esp", "spain", "espanha"),
    "FR": ("fra", "france", "frança"),
    "GB": ("gbr", "uk", "united kingdom", "great britain", "reino unido"),
    "IE": ("irl", "ireland", "irlanda"),
    "IN": ("ind", "india", "índia"),
    "IT": ("ita", "italy", "itália"),
    "JP": ("jpn", "japan", "japão"),
    "MX": ("mex", "mexico", "méxico"),
    "NL": ("nld", "netherlands", "the netherlands", "holanda", "países baixos"),
    "NO": ("nor", "norway", "noruega"),
    "PE": ("per", "peru"),
    "PL": ("pol", "poland", "polônia"),
    "PT": ("prt", "portugal"),
    "PY": ("pry", "paraguay", "paraguai"),
    "SE": ("swe", "sweden", "suécia"),
    "US": ("usa", "eua", "united states", "united states of america", "estados unidos"),
    "UY": ("ury", "uruguay", "uruguai"),
    "ZA": ("zaf", "south africa", "áfrica do sul"),
}
_SPELLINGS: dict[str, str] = {fold_header(name): code for code, names in _NAMES.items() for name in names}


def parse_country(text: str) -> str | None:
    """Return the ISO alpha-2 code that `text` is or names, or None where it is no country known here."""
    code = text.strip().upper()
    return code if code in CODES else _SPELLINGS.get(fold_header(text))
