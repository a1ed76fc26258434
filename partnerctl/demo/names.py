"""Made-up names of companies, people and places; none is meant to be anybody's.

Company names are coined words inside patterns of many languages, all distinct for a given seed.
Addresses end in ``.example`` (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from partnerctl.domain.folding import fold

_BEGIN: tuple[str, ...] = (
    *("Bel", "Cor", "Dra", "Ester", "Fal", "Gal", "Hal", "Ist", "Jor", "Kel", "Lor", "Mar", "Nor", "Or"),
    *("Pel", "Quen", "Ras", "Sel", "Tar", "Um", "Ver", "Wes", "Yor", "Zan"),
)
_MIDDLE = ("a", "an", "av", "e", "el", "en", "i", "il", "in", "o", "ol", "on", "u", "ur")
_END: tuple[str, ...] = (
    *("brix", "dalis", "dova", "drin", "fane", "gast", "kara", "lune", "mbria", "mund", "nique", "pora"),
    *("quist", "rell", "stane", "tovia", "vane", "vorn", "wick", "zelle"),
)
_STEMS = len(_BEGIN) * len(_MIDDLE) * len(_END)

_FORMS: tuple[tuple[str, str, str], ...] = (
    ("{} Logistics Inc", "US", "Transportation"),
    ("{} Health Partners", "US", "Healthcare"),
    ("Transportes {} Ltda", "BR", "Transportation"),
    ("{} Maschinenbau GmbH", "DE", "Manufacturing"),
    ("Al {} Trading LLC", "AE", "Retail"),
    ("{} Forest Products Ltd", "CA", "Manufacturing"),
    ("Construções {}, Lda.", "PT", "Construction"),
    ("Société {} Frères", "FR", "Retail"),
    ("{} & Sons Foundry", "US", "Manufacturing"),
    ("Bäckerei {} & Söhne", "DE", "Retail"),
    ("Clínica São {}", "BR", "Healthcare"),
    ("{} Community College", "US", "Education"),
    ("Dar Al {} Hospitality FZE", "AE", "Hospitality"),
    ("{} Wealth Management plc", "GB", "Finance"),
    ("Érablière {} inc.", "CA", "Retail"),
    ("Panadería {} Hermanos", "ES", "Retail"),
    ("{} Rederi ÅS", "NO", "Transportation"),
    ("Cooperativa Agrícola {}", "BR", "Agriculture"),
    ("{} Legal LLP", "GB", "Professional services"),
    ("Gebrüder {} AG", "DE", "Professional services"),
    ("Bin {} Contracting", "AE", "Construction"),
    ("{} Świat Książki", "PL", "Retail"),
    ("Vinhos de {}", "PT", "Agriculture"),
    ("{} Software, Inc.", "US", "Technology"),
    ("Verzekeringen {} B.V.", "NL", "Finance"),
    ("{} Energi AB", "SE", "Energy"),
    ("Sharikat {} Medical Supplies", "SA", "Healthcare"),
    ("Comércio de Peças {} S.A.", "BR", "Retail"),
)
"""Pattern, country, industry."""

_STRIDE = 3_571  # prime, and no divisor of the number of stems: one step after another visits each once

REGION_OF: dict[str, str] = {
    "US": "US",
    "BR": "US",
    "CA": "CA",
    "AE": "AE",
    "SA": "AE",
    **dict.fromkeys(("DE", "PT", "FR", "GB", "ES", "NO", "PL", "NL", "SE"), "EU"),
}
"""The region in which the data of a customer from that country lives."""

CITIES: dict[str, tuple[str, ...]] = {
    "US": ("Springfield Office", "Riverside Campus", "Lakeview Depot"),
    "CA": ("Bureau de Montréal", "Calgary Office", "Halifax Yard"),
    "BR": ("São Paulo Matriz", "Filial Florianópolis", "Goiânia Centro"),
    "PT": ("Lisboa Sede", "Armazém de Évora", "Porto"),
    "DE": ("Zentrale München", "Werk Köln", "Büro Düsseldorf"),
    "FR": ("Siège Lyon", "Agence Orléans", "Entrepôt Nîmes"),
    "GB": ("London Wall", "Leeds Works", "Glasgow Quay"),
    "AE": ("Dubai Marina", "Abu Dhabi Tower", "Sharjah Depot"),
    "SA": ("Riyadh Office", "Jeddah Warehouse", "Dammam Port"),
    "ES": ("Sede A Coruña", "Tienda Málaga", "León Centro"),
    "NO": ("Tromsø Havn", "Ålesund Kontor", "Bodø"),
    "PL": ("Biuro Łódź", "Magazyn Gdańsk", "Kraków"),
    "NL": ("Kantoor Utrecht", "Magazijn Zwolle", "Groningen"),
    "SE": ("Kontor Malmö", "Gävle Hamn", "Växjö"),
}
"""Made-up names of places of work, by country."""

_FIRST: tuple[str, ...] = (
    *("Ana", "João", "Inês", "Mateus", "Luísa", "Tiago", "Grace", "Oliver", "Hannah", "Samuel", "Chloé"),
    *("Étienne", "Jürgen", "Katrin", "Sören", "Bärbel", "Layla", "Omar", "Fatima", "Yusuf", "Noor", "Łucja"),
    *("Zofia", "Iñigo", "Nerea", "Åsa", "Bjørn", "Maud", "Daan", "Priya"),
)
_LAST: tuple[str, ...] = (
    *(
        "Almadrão",
        "Berwick-Lunt",
        "Castrovel",
        "Dornhöfer",
        "Estevinho",
        "Fjellbrand",
        "Garrowby",
        "Hasselqvor",
    ),
    *("Ibrantes", "Jankowiec", "Al Karvani", "Lambertoux", "Mendrosa", "Nørgrave", "Oakhollow", "Penhaligan"),
    *("Quintarel", "Rosenthür", "Al Sabrini", "Tavaréz", "Uhlenbrock", "Vasconte", "Winterbourne", "Zylbera"),
)


@dataclass(frozen=True, slots=True)
class Company:
    """A made-up company: its name, its domain, country (ISO 3166-1 alpha-2) and industry."""

    name: str
    domain: str
    country: str
    industry: str


def company(index: int, seed: int) -> Company:
    """Return the company with that number; for one seed, all names and domains are distinct."""
    # consecutive numbers take consecutive forms, so that few customers span many countries
    turn, form = divmod(index, len(_FORMS))
    pattern, country, industry = _FORMS[form]
    stem = (turn * _STRIDE + form * 977 + seed * 131) % _STEMS
    rest, begin = divmod(stem, len(_BEGIN))
    middle, end = divmod(rest, len(_END))
    word = _BEGIN[begin] + _MIDDLE[middle] + _END[end]
    if turn >= _STEMS:
        word = f"{word} {turn // _STEMS + 1}"
    trade = max(pattern.replace("{}", "").split(), key=len)
    return Company(pattern.format(word), f"{_slug(f'{word} {trade}')}.example", country, industry)


def person(rng: Random) -> str:
    """Return a made-up full name."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def address(name: str, domain: str) -> str:
    """Return the e-mail address of a person at a domain, in ASCII."""
    return f"{_slug(name).replace('-', '.')}@{domain}"


_PLAIN = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "ß": "ss"})


def _slug(name: str) -> str:
    folded = fold(name).translate(_PLAIN)
    return "-".join("".join(c if c.isalnum() else " " for c in folded).split())
