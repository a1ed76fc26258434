"""The calling analytics of the hub: usage, quality, endpoints, features, queues, each with a frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from partnerctl.hub.asking import Words, held
from partnerctl.hub.nouns import Noun
from partnerctl.services.answers import Answer

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.domain.records import (
        CallingEndpoint,
        CallingFeature,
        CallingQuality,
        CallingQueues,
        CallingUsage,
        KeptRecords,
    )
    from partnerctl.services.calling.asking import Span
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

R = TypeVar("R")


class NarrowCalls(TypedDict, total=False):
    """What narrows and orders calling analytics, as the options of the command line do.

    `week` is any day of the last week, `weeks` how many there are, `by` what a row is about: ``customer``,
    ``week`` or ``endpoint``. The others are those of `Narrow`; records have no earlier state to ask for.
    """

    week: date | None
    weeks: int | None
    by: str | None
    where: str | None
    region: Words
    sort: Words
    limit: int | None
    max_age: timedelta | None


class Calling(Noun):
    """Calling analytics (PH-L1 to PH-L7); every method raises UsageError without the extra ``calling``."""

    def usage(self, **narrow: Unpack[NarrowCalls]) -> Answer[CallingUsage]:
        """Return what was called per customer, week or endpoint type, decliners first."""
        from partnerctl.services.calling.usage import usage

        return self._asked(usage, narrow)

    def quality(self, **narrow: Unpack[NarrowCalls]) -> Answer[CallingQuality]:
        """Return good, poor and unknown legs per customer, week or endpoint type."""
        from partnerctl.services.calling.quality import quality

        return self._asked(quality, narrow)

    def endpoints(self, **narrow: Unpack[NarrowCalls]) -> Answer[CallingEndpoint]:
        """Return what people called on, and how well it was heard."""
        from partnerctl.services.calling.quality import endpoints

        return self._asked(endpoints, narrow)

    def features(self, **narrow: Unpack[NarrowCalls]) -> Answer[CallingFeature]:
        """Return how many calls used each feature."""
        from partnerctl.services.calling.features import features

        return self._asked(features, narrow)

    def queues(self, **narrow: Unpack[NarrowCalls]) -> Answer[CallingQueues]:
        """Return what became of the calls that reached a queue; the notes hold the totals."""
        from partnerctl.services.calling.queues import queues

        return self._asked(queues, narrow)

    def info(self) -> Answer[KeptRecords]:
        """Return what the folder of calling records holds, a record of each kind."""
        from partnerctl.services.calling.keeping import info

        return held(info(self._hub.settings.calling_place))

    def _asked(
        self, service: Callable[[Store, CallingPlace, Asked, Span], Answer[R]], narrow: NarrowCalls
    ) -> Answer[R]:
        from partnerctl.services.calling.asking import Span

        hub = self._hub
        span = Span(narrow.get("week"), narrow.get("weeks"), narrow.get("by"))
        asked = hub.asked(
            where=narrow.get("where"),
            region=narrow.get("region", ()),
            sort=narrow.get("sort", ()),
            limit=narrow.get("limit"),
            max_age=narrow.get("max_age"),
        )
        return held(service(hub.store, hub.settings.calling_place, asked, span))
