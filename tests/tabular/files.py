"""Layouts and files in memory that the tests of this room share."""

from __future__ import annotations

from io import BytesIO

from partnerctl.domain.entities import ENTITIES, Kind
from partnerctl.tabular.columns import Column, Layout, canonical_layout
from partnerctl.tabular.rows import Opener

ACME = "11111111-2222-3333-4444-555555555555"


def _column(
    key: str, en: str, pt: str, kind: Kind = Kind.TEXT, required: bool = False, blank: bool = False
) -> Column:
    return Column(key, kind, headers=(("en", en), ("pt", pt)), required=required, blank=blank)


DETAILS = Layout(
    "subscription-details",
    (
        _column("calculated_date", "Calculated date", "Data de cálculo", Kind.DATE),
        _column("customer", "Customer name", "Nome do cliente", Kind.NAME, required=True),
        _column(
            "org_id", "Customer organization ID", "ID da organização do cliente", Kind.ORG_ID, required=True
        ),
        _column("subscription_status", "Subscription status", "Status de inscrição", Kind.STATUS),
        _column("subscription_id", "Subscription ID", "ID de inscrição", required=True, blank=True),
        _column("total_users", "Total users", "Total de usuários", Kind.COUNT),
        _column("end_date", "Expiry / renewal date", "Validade / data de renovação", Kind.DATE),
    ),
)
DEVICES = Layout(
    "devices",
    (
        _column("external_id", "External ID", "ID externa"),
        _column("customer", "Customer", "Cliente", Kind.NAME, required=True),
        _column(
            "org_id", "Customer organization ID", "ID da organização do cliente", Kind.ORG_ID, required=True
        ),
        _column("product", "Product", "Produto"),
        _column("mac", "MAC", "MAC"),
        _column("phone_number", "Phone number", "Número de telefone", Kind.PHONE),
    ),
)
LAYOUTS = (DETAILS, DEVICES, *(canonical_layout(entity) for entity in ENTITIES.values()))


def in_memory(data: bytes) -> Opener:
    """Return what opens `data` as a file, any number of times."""
    return lambda: BytesIO(data)
