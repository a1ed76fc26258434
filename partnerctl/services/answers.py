"""What a list service returns: the records as a stream, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from partnerctl.frames import Frame

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """Records of one type; a stream can be taken once.

    `notes` are sentences for stderr; `total` is the number of records before ``--limit`` (None without
    it); `data_as_of` is the day of the newest data used.
    """

    record_type: type[R]
    records: Iterable[R]
    notes: tuple[str, ...] = ()
    total: int | None = None
    data_as_of: date | None = None

    def to_frame(self) -> Frame:
        """Return the records as a pandas frame, one column per field; takes the stream."""
        from partnerctl.frames import frame

        return frame(self.record_type, self.records)
