"""One small report, as every format gets it: typed, and as the texts that a CSV file would hold."""

from dataclasses import replace
from datetime import UTC, date, datetime

from partnerctl.domain.entities import Kind
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell
from partnerctl.tabular.columns import Column, Layout


def column(key: str, kind: Kind, en: str, pt: str) -> Column:
    return Column(key, kind, (("en", en), ("pt", pt)))


LAYOUT = Layout(
    "expiring",
    (
        column("end_date", Kind.DATE, "End date", "Data de término"),
        column("customer", Kind.NAME, "Customer name", "Nome do cliente"),
        column("subscription_id", Kind.TEXT, "Subscription ID", "ID da assinatura"),
        column("total", Kind.COUNT, "Licenses bought", "Licenças compradas"),
        column("assigned_pct", Kind.NUMBER, "Assigned, %", "Atribuídas, %"),
        column("auto_renew", Kind.BOOLEAN, "Renews itself", "Renova-se"),
        column("tags", Kind.WORDS, "Tags", "Marcadores"),
        column("seen", Kind.INSTANT, "Last seen", "Visto por último"),
    ),
)

PAGE = Page(
    "Expiring subscriptions",
    LAYOUT,
    "en",
    (("Period", "2026-11-23 to 2027-02-21"), ("Region", "LATAM & NA")),
    datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
)

PAGINA = replace(
    PAGE,
    title="Assinaturas que expiram",
    language="pt",
    facts=(("Período", "2026-11-23 a 2027-02-21"), ("Região", "todas")),
)

SEEN = datetime(2026, 11, 22, 23, 59, 5, tzinfo=UTC)

ROWS: list[tuple[Cell, ...]] = [
    (date(2026, 12, 1), "Ação, Ltda", "007", 1234, 83.2, True, ("gold", "key account"), SEEN),
    (date(2027, 1, 31), "=1+1", "1e5", 0, 100, False, (), None),
    (None, "</td><script>document.title='hit'</script>", "Sub3", None, None, None, ("new",), None),
    (date(2026, 11, 30), "Beta & Sons", "Sub4", 99, 7.5, True, None, SEEN),
]

TEXTS = [
    ("2026-12-01", "Ação, Ltda", "007", "1234", "83.2", "true", "gold;key account", "2026-11-22T23:59:05Z"),
    ("2027-01-31", "=1+1", "1e5", "0", "100", "false", "", ""),
    ("", "</td><script>document.title='hit'</script>", "Sub3", "", "", "", "new", ""),
    ("2026-11-30", "Beta & Sons", "Sub4", "99", "7.5", "true", "", "2026-11-22T23:59:05Z"),
]


def layout_of(*kinds: Kind) -> Layout:
    """Return a layout with one column of each kind, named after it."""
    return Layout("some", tuple(Column(kind.value, kind) for kind in kinds))
