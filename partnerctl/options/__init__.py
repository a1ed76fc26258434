"""Options that commands share, and the classes of commands and groups; commands import from here alone.

Each name is loaded with its first use (PEP 562): the program's own help and version need few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partnerctl.options.bulk import (
        BulkOptions,
        bulk_options,
        bulk_options_without_region,
        subject_and_words,
    )
    from partnerctl.options.changes import ChangeOptions, change_options
    from partnerctl.options.classes import Command, DefaultingGroup, noun
    from partnerctl.options.completing import complete_customer, customer_argument, from_store
    from partnerctl.options.listing import listing_options, output_options, split_words
    from partnerctl.options.picturing import chart_options, picture_kind, write_chart
    from partnerctl.options.querying import query_argument
    from partnerctl.options.reporting import report_options
    from partnerctl.options.scheduling import running_options, timing_options
    from partnerctl.options.values import AGE, ANY_REGION, DAY, PATH, REGION, NamedPath
    from partnerctl.options.waiting import progress
    from partnerctl.output.shape import ListingOptions, OutputOptions

__all__ = [
    "AGE",
    "ANY_REGION",
    "DAY",
    "PATH",
    "REGION",
    "BulkOptions",
    "ChangeOptions",
    "Command",
    "DefaultingGroup",
    "ListingOptions",
    "NamedPath",
    "OutputOptions",
    "bulk_options",
    "bulk_options_without_region",
    "change_options",
    "chart_options",
    "complete_customer",
    "customer_argument",
    "from_store",
    "listing_options",
    "noun",
    "output_options",
    "picture_kind",
    "progress",
    "query_argument",
    "report_options",
    "running_options",
    "split_words",
    "subject_and_words",
    "timing_options",
    "write_chart",
]

_HOMES = {
    "partnerctl.options.bulk": (
        "BulkOptions",
        "bulk_options",
        "bulk_options_without_region",
        "subject_and_words",
    ),
    "partnerctl.options.changes": ("ChangeOptions", "change_options"),
    "partnerctl.options.classes": ("Command", "DefaultingGroup", "noun"),
    "partnerctl.options.completing": ("complete_customer", "customer_argument", "from_store"),
    "partnerctl.options.listing": ("listing_options", "output_options", "split_words"),
    "partnerctl.options.picturing": ("chart_options", "picture_kind", "write_chart"),
    "partnerctl.options.querying": ("query_argument",),
    "partnerctl.options.reporting": ("report_options",),
    "partnerctl.options.scheduling": ("running_options", "timing_options"),
    "partnerctl.options.values": ("AGE", "ANY_REGION", "DAY", "PATH", "REGION", "NamedPath"),
    "partnerctl.options.waiting": ("progress",),
    "partnerctl.output.shape": ("ListingOptions", "OutputOptions"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
