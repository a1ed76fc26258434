"""Report templates: one TOML file each, which `reports run` writes by and `import` reads by (PH-R3).

The default ones lie in ``partnerctl.templates``; a custom one is a file of the same form
(``reports.md``, The five reports).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from partnerctl.domain.folding import fold_header

if TYPE_CHECKING:
    from partnerctl.tabular.columns import Layout

Period = Literal["none", "last-90-days", "snapshot", "range", "horizon"]
"""What days a report covers: now, the last 90, one day, ``--since`` to ``--until``, a horizon of days."""

STORED_NAMES: tuple[str, ...] = ("devices", "phone-numbers", "subscription-details", "webex-app-version")
"""The names of Partner Hub's own reports whose files go into the store."""

IMPORTED_NAMES: tuple[str, ...] = ("calling-usage", *STORED_NAMES)
"""The names of Partner Hub's own reports: files of these are read, too; Calling Usage goes to its folder."""

LIST_NAMES: tuple[str, ...] = (
    "added",
    "calling-by-customer",
    "changes",
    "customers",
    "expiring",
    "licenses",
    "low-assignment",
    "overage",
    "renewing",
    "today",
    "unassigned",
)
"""The names of the lists that are reports: files of these are written alone."""

DEFAULT_NAMES: tuple[str, ...] = tuple(sorted((*IMPORTED_NAMES, *LIST_NAMES)))
"""The names of the default templates, in the order in which they are listed; reading them costs no file."""


class Preset(NamedTuple):
    """What a custom template asks for where the command line does not say otherwise."""

    where: str | None = None
    region: tuple[str, ...] = ()
    days: int | None = None
    product: str | None = None
    language: str | None = None


NO_PRESET = Preset()


@dataclass(frozen=True, slots=True)
class Template:
    """One report: its titles, the period it covers, the source it reads from, and its columns in order.

    `sort`: the keys that order the rows, so that the same data gives the same bytes; none for the order of
    the source itself.
    """

    name: str
    titles: tuple[tuple[str, str], ...]
    about: str
    period: Period
    source: str
    sort: tuple[str, ...]
    layout: Layout
    preset: Preset = NO_PRESET
    custom: bool = False

    @property
    def spellings(self) -> frozenset[str]:
        """Return what the template goes by, folded: its name and its titles."""
        return frozenset(fold_header(text) for text in (self.name, *(title for _, title in self.titles)))

    @property
    def title(self) -> str:
        """Return the English title."""
        return self.title_in("en")

    def title_in(self, language: str) -> str:
        """Return the title in `language` (``en``, ``pt``), or the name where none is defined."""
        return dict(self.titles).get(language, self.name)
