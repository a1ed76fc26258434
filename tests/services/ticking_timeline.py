"""The truth about schedules: what their file said when, who saw it, and at which instants they were due.

It knows nothing of slots, leases or plans. What is due by an expression is asked of `due_times`, whose own
truth is found elsewhere, minute by minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from partnerctl.clock import timestamp
from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times

MINUTE = timedelta(minutes=1)


class Said(NamedTuple):
    """What an entry says; None instead stands for one that cannot be read."""

    cron: str
    tz: str
    paused: bool = False


class Version(NamedTuple):
    """What the file said from an instant on; None: it is no TOML, and says nothing of anybody."""

    at: datetime
    entries: dict[str, Said | None] | None

    def knows(self, name: str) -> bool:
        """Tell whether it says something of a name that can be read, be it that there is no such entry."""
        return self.entries is not None and (name not in self.entries or self.entries[name] is not None)

    def of(self, name: str) -> Said | None:
        return None if self.entries is None else self.entries.get(name)


@dataclass
class Span:
    """A time in which an entry was due by one expression; `versions` said so, `ended_by` the contrary."""

    said: Said
    start: datetime
    versions: list[int]
    unreadable_since: datetime | None = None
    end: datetime | None = None
    ended_by: int | None = None

    def dues(self, after: datetime, until: datetime) -> Iterator[datetime]:
        return due_times(parse_cron(self.said.cron), ZoneInfo(self.said.tz), after, until)


@dataclass
class Timeline:
    """What the file said when, and who saw it.

    `seen` is when a tick first settled by a version; `told` is when a command told the store of an entry;
    `last` is when any tick last settled.
    """

    last: datetime
    versions: list[Version] = field(default_factory=list)
    seen: dict[int, datetime] = field(default_factory=dict)
    told: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def now_says(self, at: datetime, entries: dict[str, Said | None] | None) -> None:
        self.versions.append(Version(at, entries))

    def settled(self, version: int, at: datetime) -> None:
        """Hear that a tick settled that had read a version; an older one proves nothing by now."""
        self.last = at
        if version == len(self.versions) - 1:
            self.seen.setdefault(version, at)

    def first_seen(self, name: str, versions: list[int]) -> datetime | None:
        """Return when any of the versions was first seen with regard to a name."""
        found = [self.seen[one] for one in versions if one in self.seen]
        found += [self.told[one, name] for one in versions if (one, name) in self.told]
        return min(found, default=None)

    def spans(self, name: str) -> list[Span]:
        """Return the times in which an entry was due. What cannot be read is taken for what it last said."""
        spans: list[Span] = []
        here: Span | None = None
        for number, version in enumerate(self.versions):
            if not version.knows(name):
                if here is not None and here.unreadable_since is None:
                    here.unreadable_since = version.at
                continue
            said = version.of(name)
            if here is not None and said == here.said:
                here.unreadable_since = None
                here.versions.append(number)
                continue
            if here is not None:
                here.end = here.unreadable_since or version.at
                here.ended_by = number
            here = None
            if said is not None and not said.paused:
                here = Span(said, version.at, [number])
                spans.append(here)
        return spans

    def required(self, name: str) -> set[str]:
        """Return the due times that must have a row: seen before they came, and in force when they came."""
        found, last = set[str](), self.last
        for span in self.spans(name):
            seen = self.first_seen(name, span.versions)
            end = span.end or span.unreadable_since or last + MINUTE
            if seen is not None:
                found.update(timestamp(due) for due in span.dues(seen, min(last, end)) if due < end)
        return found

    def allowed(self, name: str) -> set[str]:
        """Return the due times that may have a row: until a tick saw that the entry said something else."""
        found, last = set[str](), self.last
        for span in self.spans(name):
            end = last
            if span.ended_by is not None:
                later = [n for n in range(span.ended_by, len(self.versions)) if self.versions[n].knows(name)]
                end = self.first_seen(name, later) or last
            found.update(map(timestamp, span.dues(span.start - MINUTE, end)))
        return found
