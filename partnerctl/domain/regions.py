"""Regions in which customer data lives (PH-O5, PH-R4)."""

from __future__ import annotations

from partnerctl.domain.folding import fold_header

REGIONS: dict[str, str] = {
    "US": "United States",
    "CA": "Canada",
    "EU": "Europe",
    "AE": "United Arab Emirates",
}
"""Code and English name of every region, in Partner Hub's order."""

_SPELLINGS: dict[str, str] = {
    **{code.lower(): code for code in REGIONS},
    **{fold_header(name): code for code, name in REGIONS.items()},
    **dict.fromkeys(("usa", "eua", "estadosunidos", "unitedstatesofamerica", "estadosunidosdaamerica"), "US"),
    **dict.fromkeys(("canada", "canda"), "CA"),
    **dict.fromkeys(("ue", "europa", "europeanunion", "uniaoeuropeia"), "EU"),
    **dict.fromkeys(("uae", "eau", "emiradosarabesunidos", "emiradosarabes", "emirates"), "AE"),
}


UNKNOWN = "unknown"
"""What stands for no region, where customers are chosen by theirs."""


def parse_chosen(text: str) -> str | None:
    """Return the code of a region by which customers are chosen, or UNKNOWN; None where `text` is neither."""
    return UNKNOWN if text.strip().lower() == UNKNOWN else parse_region(text)


def parse_region(text: str) -> str | None:
    """Return the code of the region that `text` names in English or Portuguese, or None (``reports.md``)."""
    return _SPELLINGS.get(fold_header(text))
