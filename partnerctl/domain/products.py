"""Products and product families (``kpis.md``, Words; ``files.md``, licenses)."""

from __future__ import annotations

PRODUCTS: dict[str, str] = {
    "meetings": "Meetings",
    "calling_professional": "Calling Professional",
    "calling_standard": "Calling Standard",
    "messaging": "Messaging",
    "real_time_translations": "Real-Time Translations",
    "contact_center": "Contact Center",
}
"""Key and English name of every product known by name; a file may hold other text."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "meetings": ("meetings",),
    "calling": ("calling_professional", "calling_standard"),
}
"""The product families of the KPIs: name and the products that belong to it."""

FAMILY_NAMES: dict[str, str] = {"meetings": "Meetings", "calling": "Calling"}
"""The English name of every product family."""
