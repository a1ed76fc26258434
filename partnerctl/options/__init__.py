"""Options that commands share, and the classes of commands and groups; commands import from here alone."""

from __future__ import annotations

from partnerctl.options.changes import change_options
from partnerctl.options.classes import Command, Group, noun
from partnerctl.options.completing import complete_customer, customer_argument
from partnerctl.options.listing import listing_options, output_options
from partnerctl.options.querying import query_argument
from partnerctl.options.values import AGE, DAY, REGION
from partnerctl.options.waiting import progress
from partnerctl.output.shape import ListingOptions, OutputOptions

__all__ = [
    "AGE",
    "DAY",
    "REGION",
    "Command",
    "Group",
    "ListingOptions",
    "OutputOptions",
    "change_options",
    "complete_customer",
    "customer_argument",
    "listing_options",
    "noun",
    "output_options",
    "progress",
    "query_argument",
]
