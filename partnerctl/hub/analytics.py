"""The analytics of the hub: license KPIs and the trend, and who needs a person today, each with a frame."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Unpack

from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.domain.records import TrendPoint, Urgent
from partnerctl.hub.asking import Narrow, held
from partnerctl.hub.nouns import Noun
from partnerctl.services.answers import Answer
from partnerctl.services.kpis import Choice, OverviewPage, SectionPage

if TYPE_CHECKING:
    from datetime import timedelta

    from partnerctl.hub.asking import Words
    from partnerctl.services.kpi_checks import Checked


class Kpis(Noun):
    """License analytics (PH-K1 to PH-K7); `product` is ``meetings``, ``calling`` or ``all``."""

    def overview(
        self,
        *,
        product: str = "all",
        days: int | None = None,
        where: str | None = None,
        region: Words = (),
        as_of: date | None = None,
        max_age: timedelta | None = None,
    ) -> OverviewPage:
        """Return the KPIs over all customers: ``.record``, ``.notes``, ``.to_frame()``."""
        from partnerctl.services.kpis import overview

        asked = self._hub.asked(where=where, region=region, as_of=as_of, max_age=max_age)
        return overview(self._hub.store, asked, self._choice(product, days))

    def section(
        self, name: str, *, product: str = "all", days: int | None = None, **narrow: Unpack[Narrow]
    ) -> SectionPage:
        """Return a section: ``.record`` with its KPIs and rows, ``.notes``, ``.to_frame()`` of the rows.

        The sections: ``added``, ``expiring``, ``renewing``, ``low-assignment``, ``unassigned``,
        ``overage``. Raises UsageError for another name, or for `days` where there is no horizon.
        """
        from partnerctl.services.kpis import section

        return section(self._hub.store, name, self._hub.asked(**narrow), self._choice(product, days))

    def trend(self, *, product: str = "all", weeks: int = 26, **narrow: Unpack[Narrow]) -> Answer[TrendPoint]:
        """Return what was bought, assigned and used on each of the last Saturdays, oldest first."""
        from partnerctl.services.kpi_trend import trend

        return held(trend(self._hub.store, self._hub.asked(**narrow), self._choice(product, None), weeks))

    def check(
        self,
        *conditions: str,
        product: str = "all",
        days: int | None = None,
        where: str | None = None,
        region: Words = (),
        as_of: date | None = None,
        max_age: timedelta | None = None,
    ) -> Checked:
        """Return the conditions that do not hold, in ``.failed``; raises UsageError for a bad one."""
        from partnerctl.services.kpi_checks import check

        asked = self._hub.asked(where=where, region=region, as_of=as_of, max_age=max_age)
        return check(self._hub.store, conditions, asked, self._choice(product, days))

    def _choice(self, product: str, days: int | None) -> Choice:
        from partnerctl.errors import UsageError

        if product not in FAMILY_CHOICES:
            known = ", ".join(FAMILY_CHOICES)
            raise UsageError(f"there is no product family {product!r}", f"choose from: {known}")
        if days is not None and days < 0:
            raise UsageError(f"{days} days are fewer than none", "give 0 or more")
        return Choice(product, days, self._hub.settings.low_factor)


class Today(Noun):
    """The customers that need a person now."""

    def __call__(self, *, new: bool = False, **narrow: Unpack[Narrow]) -> Answer[Urgent]:
        """Return them, the most urgent first, with the reasons; `new`: who was not listed the day before."""
        from partnerctl.services.today import list_urgent

        settings = self._hub.settings
        asked = self._hub.asked(**narrow)
        return held(list_urgent(self._hub.store, asked, settings.urgency, settings.low_factor, only_new=new))
