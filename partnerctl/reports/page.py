"""A page: what is said of a report besides its rows, where a format has a place for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partnerctl.domain.entities import Kind
from partnerctl.tabular.columns import Column, Layout


@dataclass(frozen=True, slots=True)
class Page:
    """One report for people, in one language (``en``, ``pt``).

    `facts` are labels and values that stand above the table: the period, the region, figures; already in the
    language. `made` is an aware instant.
    """

    title: str
    layout: Layout
    language: str
    facts: tuple[tuple[str, str], ...]
    made: datetime

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers in the page's language; that of an instant says that it is in UTC."""
        return tuple(_header(column, self.language) for column in self.layout.columns)


def _header(column: Column, language: str) -> str:
    header = column.header(language)
    return f"{header} (UTC)" if column.kind is Kind.INSTANT and "UTC" not in header else header
