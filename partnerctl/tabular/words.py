"""Words in files that stand for one of a few values: yes and no, subscription statuses, products.

All matched without case, accents, spaces and punctuation, in English and Portuguese (``reports.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from partnerctl.domain.folding import fold, fold_header
from partnerctl.domain.products import PRODUCTS

TRIAL_STATUS = "trial"
"""A status cell that says trial: the row is a trial, and it runs."""

_TRUE = "true yes y sim s 1 active ativo ativa enabled on verdadeiro habilitado habilitada ativado ativada"
_FALSE = (
    "false no n nao 0 inactive inativo inativa disabled off falso "
    "desabilitado desabilitada desativado desativada"
)
_BOOLEANS: dict[str, bool] = {
    **dict.fromkeys(_TRUE.split(), True),
    **dict.fromkeys(_FALSE.split(), False),
}

_STATUSES: dict[str, str] = {
    **dict.fromkeys(("active", "ativo", "ativa"), "active"),
    **dict.fromkeys(("suspended", "suspenso", "suspensa"), "suspended"),
    **dict.fromkeys(("expired", "expirado", "expirada"), "expired"),
    **dict.fromkeys(("cancelled", "canceled", "cancelado", "cancelada"), "cancelled"),
    **dict.fromkeys(("pending", "initialized", "pendente", "pendingsetup"), "pending_setup"),
    **dict.fromkeys(("trial", "teste"), TRIAL_STATUS),
    "absent": "absent",  # partnerctl's own: an export says so of what a complete report no longer listed
}

_OFFERS: dict[str, str] = {
    **dict.fromkeys(("subscription", "assinatura"), "subscription"),
    **dict.fromkeys(("trial", "teste", "avaliacao"), "trial"),
}

_MANAGERS: dict[str, str] = {
    **dict.fromkeys(("partner", "parceiro"), "partner"),
    **dict.fromkeys(("external", "externo", "externa"), "external"),
}

_LICENSE_STARTS = (
    ("webexcallingprofessional", "calling_professional"),
    ("webexcallingbasic", "calling_standard"),
    ("webexcallingstandard", "calling_standard"),
    ("meetingwebexmeetingcenter", "meetings"),
    ("meetingwebexmeetings", "meetings"),
    ("webexmeetings", "meetings"),
    ("messagebasicmessaging", "messaging"),
    ("messagewebexmessaging", "messaging"),
    ("messaging", "messaging"),
    ("realtimetranslation", "real_time_translations"),
    ("contactcenter", "contact_center"),
    ("webexcontactcenter", "contact_center"),
)
"""How license names of Webex begin, folded, and the products that they mean."""

_TRIAL_WORDS = ("trial", "teste", "avaliacao", "prueba")

_PRODUCTS: dict[str, str] = {
    **{fold_header(spelling): key for key, name in PRODUCTS.items() for spelling in (key, name)},
    **dict.fromkeys(("webexmeetings", "meeting", "reunioes", "reuniao"), "meetings"),
    **dict.fromkeys(
        ("webexcallingprofessional", "callingpro", "professionalcalling", "chamadaprofissional"),
        "calling_professional",
    ),
    **dict.fromkeys(("webexcallingstandard", "standardcalling", "chamadapadrao"), "calling_standard"),
    **dict.fromkeys(("webexmessaging", "mensagens"), "messaging"),
    **dict.fromkeys(("realtimetranslation", "traducoesemtemporeal"), "real_time_translations"),
    **dict.fromkeys(("webexcontactcenter", "contactcentre", "centraldeatendimento"), "contact_center"),
}


def parse_boolean(text: str) -> bool | None:
    """Return what `text` says, or None where it says neither yes nor no."""
    return _BOOLEANS.get(fold_header(text))


def parse_status(text: str) -> str | None:
    """Return the status of ``files.md`` that `text` names, or ``trial``, or None for any other text."""
    return _STATUSES.get(fold_header(text))


def parse_product(text: str) -> str | None:
    """Return the key of the product that `text` names, or None for a product not known by name."""
    return _PRODUCTS.get(fold_header(text))


def license_product(name: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the product that a license name of Webex means; the name itself where it is none known here.

    Names are long ("Webex Calling - Professional", "Meeting - Webex Meeting Center"): what they begin with
    counts. `more` holds names and products of the user's own, compared without case and punctuation.
    """
    folded = fold_header(name)
    for own, product in more.items():
        if fold_header(own) == folded:
            return product
    known = _PRODUCTS.get(folded)
    return known or next((key for start, key in _LICENSE_STARTS if folded.startswith(start)), name)


def parse_offer(text: str) -> str | None:
    """Return ``subscription`` or ``trial``, or None where `text` names neither."""
    return _OFFERS.get(fold_header(text))


def parse_manager(text: str) -> str | None:
    """Return ``partner`` or ``external``, or None where `text` names neither."""
    return _MANAGERS.get(fold_header(text))


def subscription_kind(subscription_type: str | None) -> str:
    """Return ``trial`` where the type holds a word for one, else ``subscription`` (``reports.md``)."""
    folded = fold(subscription_type or "")
    return "trial" if any(word in folded for word in _TRIAL_WORDS) else "subscription"
