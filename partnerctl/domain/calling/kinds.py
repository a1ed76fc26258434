"""The kinds of calling records, each a folder of Parquet files, and their fields: one table for all rooms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Cell(Enum):
    """What a field of a record holds. No value is null in every one of them."""

    TEXT = "text"
    ID = "id"  # compared without case, kept in lower case
    TIME = "time"  # an instant, kept in UTC without a zone
    DAY = "day"
    FLAG = "flag"  # true or false
    COUNT = "count"  # a whole number, never negative; seconds too
    NUMBER = "number"  # any number, never negative


@dataclass(frozen=True, slots=True)
class CallingField:
    """One field: its key is the column's name in Parquet, its header the name that Webex gives it.

    A `required` field stands in every file, and its cell is never empty unless it may be `blank`. A `made`
    field is in no file: the import makes it.
    """

    key: str
    cell: Cell = Cell.TEXT
    header: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: bool = False
    made: bool = False


@dataclass(frozen=True, slots=True)
class CallingKind:
    """One kind of records; `name` is its folder. Of records with the same `id` the greatest `version` lives.

    `day` is the field whose UTC day says in which file a record is.
    """

    name: str
    title: str
    fields: tuple[CallingField, ...]
    id: str
    version: str
    day: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(field.key for field in self.fields)

    def field(self, key: str) -> CallingField:
        """Return the field of that key; raises KeyError where there is none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


_TIMES = {"Start time", "Answer time", "Release time", "Report time", "Call transfer Time"}
_SECONDS = {"Duration", "Ring duration", "Hold Duration"}
_IDS = {"Report ID", "Org UUID"}
_NEEDED = {"Start time", "Org UUID", "Report ID"}
_STANDING = {"Report time", "Correlation ID", "Direction", "Call type", "User type", "Duration", "Answered"}
_KEYS = {"Org UUID": "org_id"}

_HEADERS = (
    *("Start time", "Answer time", "Duration", "Calling number", "Called number", "User"),
    *("Calling line ID", "Called line ID", "Correlation ID", "Location", "Inbound trunk", "Outbound trunk"),
    *("Route group", "Direction", "Call type", "Client type", "Client version", "Sub client type", "OS type"),
    *("Device Mac", "Model", "Answered", "International Country", "Original reason", "Related reason"),
    *("Redirect reason", "Site main number", "Site timezone", "User type", "Call ID", "Local SessionID"),
    *("Remote SessionID", "User UUID", "Org UUID", "Report ID", "Department ID", "Site UUID"),
    *("Releasing party", "Redirecting number", "Transfer related call ID", "Dialed digits"),
    *("Authorization code", "Call transfer Time", "User number", "Local call ID", "Remote call ID"),
    *("Network call ID", "Related call ID", "Call outcome", "Call outcome reason", "Final local sessionID"),
    *("Final remote sessionID", "Answer Indicator", "Ring duration", "Release time", "Report time"),
    *("PSTN legal entity", "PSTN vendor Org ID", "PSTN vendor name", "PSTN provider ID", "Caller ID number"),
    *("External caller ID number", "Device owner UUID", "Call Recording Platform Name"),
    *("Call Recording Result", "Call Recording Trigger", "Redirecting party UUID"),
    *("Public Calling IP Address", "Public Called IP Address", "Original called party UUID", "Recall Type"),
    *("Hold Duration", "Auto Attendant Key Pressed", "Queue Type", "Answered Elsewhere"),
    *("Route list calls overage", "Caller Reputation Score", "Caller Reputation Service Result"),
    *("Caller Reputation Score Reason", "Interaction ID", "WxCC consult merge status", "ELIN"),
    *("Emergency number source", "Transfer type", "Transfer type context", "external_customer_id"),
)
"""The fields of a call detail record, in the order of the Calling Detailed Call History; then newer ones."""


def _record_field(header: str) -> CallingField:
    cell = Cell.TEXT
    if header in _TIMES:
        cell = Cell.TIME
    elif header in _SECONDS:
        cell = Cell.COUNT
    elif header in _IDS:
        cell = Cell.ID
    elif header == "Answered":
        cell = Cell.FLAG
    return CallingField(
        _KEYS.get(header) or header.lower().replace(" ", "_"),
        cell,
        header,
        required=header in _NEEDED | _STANDING,
        blank=header in _STANDING,
    )


CALLS = CallingKind(
    "calls",
    "Calling Detailed Call History",
    tuple(_record_field(header) for header in _HEADERS),
    "report_id",
    "report_time",
    "start_time",
)
"""Call detail records: one per leg and side."""

_MADE_ID = CallingField("record_id", made=True)
_IMPORTED = CallingField("imported_at", Cell.TIME, made=True)
_ORG = CallingField("org_id", Cell.ID, "Org UUID", ("Organization ID", "Org ID", "Customer organization ID"))
_SINCE = CallingField("since", Cell.DAY, made=True)
_UNTIL = CallingField("until", Cell.DAY, made=True)

MEDIA = CallingKind(
    "media",
    "Calling Media Quality",
    (
        _MADE_ID,
        _ORG,
        CallingField("start_time", Cell.TIME, "Start time", ("Call start time",), required=True),
        CallingField("location", header="Location", aliases=("Location name",)),
        CallingField("user_name", header="User name", aliases=("User",)),
        CallingField("client_type", header="Client type", aliases=("Endpoint", "Endpoint type")),
        CallingField("model", header="Model", aliases=("Device", "Device model", "Device type")),
        CallingField("call_quality", header="Call quality", aliases=("Quality",)),
        CallingField(
            "duration", Cell.NUMBER, "Duration (s)", ("Duration", "Call duration", "Audio duration")
        ),
        CallingField("audio_jitter", Cell.NUMBER, "Audio jitter (ms)", ("Audio jitter", "Jitter")),
        CallingField("audio_latency", Cell.NUMBER, "Audio latency (ms)", ("Audio latency", "Latency")),
        CallingField(
            "audio_packet_loss", Cell.NUMBER, "Audio packet loss (%)", ("Audio packet loss", "Packet loss")
        ),
        CallingField("video_jitter", Cell.NUMBER, "Video jitter (ms)", ("Video jitter",)),
        CallingField("video_latency", Cell.NUMBER, "Video latency (ms)", ("Video latency",)),
        CallingField("video_packet_loss", Cell.NUMBER, "Video packet loss (%)", ("Video packet loss",)),
        CallingField("video_duration", Cell.NUMBER, "Video duration (s)", ("Video duration",)),
        _IMPORTED,
    ),
    "record_id",
    "imported_at",
    "start_time",
)
"""Measured legs: one per row of a Calling Media Quality file."""

QUEUE_STATS = CallingKind(
    "queue_stats",
    "Call Queue Stats",
    (
        _MADE_ID,
        _ORG,
        _SINCE,
        _UNTIL,
        CallingField("queue", header="Call Queue", aliases=("Queue", "Queue name"), required=True),
        CallingField("location", header="Location", aliases=("Location name",)),
        CallingField("total_wait_seconds", Cell.COUNT, "Total Wait Time"),
        CallingField("avg_wait_seconds", Cell.NUMBER, "Avg Wait Time", ("Average Wait Time",)),
        CallingField("answered_calls", Cell.COUNT, "Answered Calls", required=True, blank=True),
        CallingField("abandoned_calls", Cell.COUNT, "Abandoned Calls", required=True, blank=True),
        CallingField("avg_abandoned_seconds", Cell.NUMBER, "Avg Abandoned Time", ("Average Abandoned Time",)),
        CallingField("total_abandoned_seconds", Cell.COUNT, "Total Abandoned Time"),
        CallingField("total_calls", Cell.COUNT, "Total Calls", required=True, blank=True),
        CallingField("calls_overflowed", Cell.COUNT, "Calls Overflowed"),
        CallingField("calls_timed_out", Cell.COUNT, "Calls Timed Out"),
        CallingField("calls_transferred", Cell.COUNT, "Calls Transferred"),
        _IMPORTED,
    ),
    "record_id",
    "imported_at",
    "since",
)
"""Rows of Call Queue Stats: one per organization, queue and location, over a period."""

USAGE_FIGURES = (
    *("total_calls", "total_call_legs", "poor_quality_calls", "call_minutes", "call_minutes_video"),
    *("call_legs_audio", "call_legs_video", "call_legs_desk_phone", "call_legs_room_device"),
    *("call_legs_other_devices", "hunt_group_calls", "auto_attendant_calls", "queue_total_calls"),
    *("queue_timed_out_calls", "queue_overflowed_calls", "queue_transferred_calls", "queue_abandoned_calls"),
    *("internal_calls", "toll_free_calls", "premium_calls", "integrated_audio_calls", "national_calls"),
    *("inbound_calls", "operator_calls", "spark_calls", "short_code_calls", "international_calls"),
    *("mobile_calls", "emergency_calls", "unknown_calls"),
)
"""The figures of the Calling usage report, columns 4 to 33, in their order (``reports.md``)."""

_MINUTES = {"call_minutes", "call_minutes_video"}

USAGE = CallingKind(
    "usage",
    "Calling Usage",
    (
        _MADE_ID,
        CallingField("org_id", Cell.ID, required=True),
        CallingField("location"),
        _SINCE,
        _UNTIL,
        *(CallingField(key, Cell.NUMBER if key in _MINUTES else Cell.COUNT) for key in USAGE_FIGURES),
        _IMPORTED,
    ),
    "record_id",
    "imported_at",
    "since",
)
"""Rows of Partner Hub's own Calling usage report; its headers are those of the template ``calling-usage``."""

KINDS = (CALLS, MEDIA, QUEUE_STATS, USAGE)
"""Every kind, in the order in which they are shown."""
