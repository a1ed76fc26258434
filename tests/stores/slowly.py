"""--as-of, slowly: written from the page alone, over the files themselves (``cli.md``, Everywhere).

What files dated on or before that day say. A thing exists from its first observation (a license figure
observes its subscription, a subscription its customer); a field not yet spoken of takes its earliest later
value. License figures are measurements: absent or empty is unknown that day; an all-empty triple ends a row.
A complete report closes, as absent, what it does not list, until it is seen again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from partnerctl.domain.history import Value
from tests.stores.said import Cells, Said

Key = tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """What one file says of one thing on its day; an empty word is a sighting."""

    day: str
    cells: Cells


class Slowly:
    """The answer to every question of a day, found by going through all files again."""

    def __init__(self, files: list[Said]) -> None:
        self.files = sorted(files, key=lambda said: said.day)  # stable: of one day, the later file wins

    def words(self, table: str, key: Key) -> Iterator[Word]:
        """Yield what is said of one thing, oldest first; sightings included, closings not."""
        for said in self.files:
            rows = said.tables.get(table, {})
            if key in rows:
                yield Word(said.day, rows[key])
            elif self._sighted(said, table, key):
                yield Word(said.day, {})

    def _sighted(self, said: Said, table: str, key: Key) -> bool:
        licensed = {subscription for subscription, _ in said.tables.get("licenses", {})}
        if table == "subscriptions":
            return key[0] in licensed
        if table == "customers":
            listed = said.tables.get("subscriptions", {})
            if any(cells["org_id"] == key[0] for cells in listed.values()):
                return True
            return any(
                self.field("subscriptions", (subscription,), "org_id", said.day) == key[0]
                for subscription in licensed
            )
        return False

    def exists(self, table: str, key: Key, day: str) -> bool:
        """Tell whether a thing was known on a day."""
        return any(word.day <= day for word in self.words(table, key))

    def field(self, table: str, key: Key, field: str, day: str) -> Value:
        """Return the value of a field that carries, on a day on which the thing existed."""
        said = [(word.day, word.cells[field]) for word in self.words(table, key) if field in word.cells]
        until = [value for when, value in said if when <= day]
        return until[-1] if until else said[0][1] if said else None

    def status(self, key: Key, day: str) -> Value:
        """Return the status of a subscription: absent from a complete report on, until it is seen again."""
        words = list(self.words("subscriptions", key))
        seen = [word.day for word in words if word.day <= day]
        closings = [said.day for said in self.files if said.day <= day and self._closes(said, key)]
        if closings and seen and max(closings) > max(seen):
            return "absent"
        return self.field("subscriptions", key, "status", day)

    def _closes(self, said: Said, key: Key) -> bool:
        if not said.complete or key in said.tables.get("subscriptions", {}):
            return False
        if not self.exists("subscriptions", key, said.day):
            return False
        if said.region is None:
            return True
        forever = "9999-12-31"
        customer = self.field("subscriptions", key, "org_id", forever)
        return self.field("customers", (str(customer),), "region", forever) == said.region

    def figures(self, key: Key, day: str) -> Cells | None:
        """Return the license figures of the newest day on or before that day, None where there are none."""
        words = [word for word in self.words("licenses", key) if word.day <= day]
        return None if not words or words[-1].cells["ended"] else words[-1].cells

    def devices(self, org_id: str) -> set[tuple[str, ...]]:
        """Return the devices that the newest file that names the customer lists."""
        named = [said.devices[org_id] for said in self.files if org_id in said.devices]
        return set(named[-1]) if named else set()

    def tags(self, org_id: str, day: str) -> set[str] | None:
        """Return the customer's tags, None where no file has ever said them."""
        said = [(one.day, one.tags[org_id]) for one in self.files if org_id in one.tags]
        until = [tags for when, tags in said if when <= day]
        return set(until[-1]) if until else None
