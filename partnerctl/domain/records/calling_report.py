"""The rows of the report Calling usage, and of its sums per customer (PH-R5; ``reports.md``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsageFigures:
    """Columns 4 to 33 of the report; None is unknown. Minutes have one decimal."""

    total_calls: int | None
    total_call_legs: int | None
    poor_quality_calls: int | None
    call_minutes: float | None
    call_minutes_video: float | None
    call_legs_audio: int | None
    call_legs_video: int | None
    call_legs_desk_phone: int | None
    call_legs_room_device: int | None
    call_legs_other_devices: int | None
    hunt_group_calls: int | None
    auto_attendant_calls: int | None
    queue_total_calls: int | None
    queue_timed_out_calls: int | None
    queue_overflowed_calls: int | None
    queue_transferred_calls: int | None
    queue_abandoned_calls: int | None
    internal_calls: int | None
    toll_free_calls: int | None
    premium_calls: int | None
    integrated_audio_calls: int | None
    national_calls: int | None
    inbound_calls: int | None
    operator_calls: int | None
    spark_calls: int | None
    short_code_calls: int | None
    international_calls: int | None
    mobile_calls: int | None
    emergency_calls: int | None
    unknown_calls: int | None


@dataclass(frozen=True, slots=True)
class LocationUsage(UsageFigures):
    """One customer and location."""

    customer: str | None
    org_id: str
    location: str | None


@dataclass(frozen=True, slots=True)
class CustomerUsage(UsageFigures):
    """One customer, with the number of its rows in the report per location."""

    customer: str | None
    org_id: str
    region: str | None
    locations: int
