"""What stands around the rows of a report, in the languages of reports: labels of facts and of KPIs."""

from __future__ import annotations

from datetime import date
from typing import Any

_WORDS: dict[str, tuple[str, str]] = {
    "period": ("Period", "Período"),
    "region": ("Region", "Região"),
    "product": ("Product", "Produto"),
    "query": ("Filter", "Filtro"),
    "data_as_of": ("Data as of", "Dados de"),
    "made_up": ("Made-up data", "Dados fictícios"),
    "all": ("all", "todas"),
    "unknown": ("unknown", "desconhecido"),
    "now": ("as it is now", "situação atual"),
    "last_90_days": ("the last 90 days", "últimos 90 dias"),
    "to": ("to", "a"),
    "new_customers": ("New customers", "Novos clientes"),
    "total_licenses": ("Licenses", "Licenças"),
    "customers": ("Customers", "Clientes"),
    "assigned_pct": ("Assigned, %", "Atribuídas, %"),
    "used_pct": ("Used in the last 7 days, %", "Usadas nos últimos 7 dias, %"),
    "used_ever_pct": ("Ever used, %", "Usadas alguma vez, %"),
    "used_when_assigned_pct": ("Used of all licenses, %", "Usadas do total de licenças, %"),
    "used_of_assigned_pct": ("Used of the assigned ones, %", "Usadas das atribuídas, %"),
    "unassigned_licenses": ("Licenses not assigned", "Licenças não atribuídas"),
    "threshold_pct": ("Low below, %", "Baixa abaixo de, %"),
    "total_overage": ("Licenses over the limit", "Licenças acima do limite"),
    "average_overage": ("Over the limit per customer", "Acima do limite por cliente"),
}


def words(key: str, language: str) -> str:
    """Return the words for `key` in `language` (``en``, ``pt``)."""
    english, portuguese = _WORDS[key]
    return portuguese if language == "pt" else english


def shown(value: Any, language: str) -> str:
    """Return a figure or a day as people read it; unknown in words."""
    if value is None:
        return words("unknown", language)
    if isinstance(value, date):
        return value.isoformat()
    text = f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "pt" else text
