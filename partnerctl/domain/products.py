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

FAMILY_OF: dict[str, str] = {product: family for family, products in FAMILIES.items() for product in products}
"""The product family of every product that belongs to one."""

FAMILY_CHOICES = (*FAMILIES, "all")
"""What ``--product`` of the KPIs takes."""

FAMILY_NAMES: dict[str, str] = {"meetings": "Meetings", "calling": "Calling"}
"""The English name of every product family."""
