"""Who acts: with ``me`` set, a role says what may be seen and changed (PH-T2, PH-O3)."""

from pathlib import Path

import pytest

from partnerctl import open_hub
from partnerctl.errors import NotAllowed
from tests.commands.analytics import ALFA, analytics
from tests.conftest import Cli

__all__ = ["analytics"]

ROLES = ("full_admin", "admin", "readonly_admin", "provisioning_admin", "helpdesk_admin")


@pytest.fixture
def staffed(analytics: Cli) -> Cli:
    """Return the program over five customers and one person of each role; two manage Alfa Telecom."""
    for role in ROLES:
        analytics("admins", "grant", f"{role}@partner.example", role, "-q")
    for role in ("admin", "provisioning_admin"):
        analytics("admins", "add", ALFA, f"{role}@partner.example", "-q")
    return analytics


def become(cli: Cli, role: str) -> None:
    cli("config", "set", "me", f"{role}@partner.example", "-q")


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        (("tags", "add", ALFA, "gold"), {"full_admin", "admin"}),
        (("trials", "start", ALFA, "--product", "contact_center=5", "-n"), {"full_admin", "admin"}),
        (("customers", "set", ALFA, "--region", "CA"), {"full_admin", "admin"}),
        (("admins", "add", ALFA, "admin@partner.example"), {"full_admin"}),
        (("admins", "grant", "new@partner.example", "admin"), {"full_admin"}),
        (("kpis",), {"full_admin", "readonly_admin"}),
        (("kpis", "expiring"), {"full_admin", "readonly_admin"}),
        (("kpis", "trend"), {"full_admin", "readonly_admin"}),
        (("kpis", "check", "over_limit<9"), {"full_admin", "readonly_admin"}),
        (("today",), {"full_admin", "readonly_admin"}),
        (("changes",), {"full_admin", "readonly_admin"}),
        (("reports", "run", "subscription-details", "--stdout"), {"full_admin", "readonly_admin"}),
        (("subscriptions", "list"), set(ROLES) - {"helpdesk_admin"}),
        (("licenses", "list"), set(ROLES) - {"helpdesk_admin"}),
        (("subscriptions", "orders", "A1"), set(ROLES) - {"helpdesk_admin"}),
        (("trials", "show", "A2"), set(ROLES) - {"helpdesk_admin"}),
        (("export", "--dir", "everything", "--overwrite"), {"full_admin", "readonly_admin"}),
        (("customers", "list"), set(ROLES)),
        (("customers", "show", ALFA), set(ROLES)),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_role_may_do_what_it_may(
    staffed: Cli,
    words: tuple[str, ...],
    roles: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for role in ROLES:
        become(staffed, role)
        result = staffed(
            *words, "--json" if "--stdout" not in words else "-q", expect=0 if role in roles else 4
        )
        if role not in roles:
            assert result.stdout == ""
            assert f"{role}@partner.example is {role}, which may not " in result.stderr
            assert "it takes full_admin" in result.stderr


def test_who_is_assigned_to_some_sees_and_changes_those_alone(staffed: Cli) -> None:
    become(staffed, "admin")

    assert [one["name"] for one in staffed("customers", "list", "--json").json] == ["Alfa Telecom"]
    assert {one["customer"] for one in staffed("subscriptions", "list", "--json").json} == {"Alfa Telecom"}
    assert {one["customer"] for one in staffed("licenses", "list", "--json").json} == {"Alfa Telecom"}
    others = (
        ["customers", "show", "Charlie"],
        ["tags", "add", "Charlie", "x"],
        ["subscriptions", "orders", "C1"],
    )
    for words in others:
        result = staffed(*words, expect=4)
        assert "is not assigned to admin@partner.example" in result.stderr
    staffed("tags", "add", "--where", "region:*,unknown", "mine")
    staffed("config", "unset", "me")
    tagged = [one["name"] for one in staffed("customers", "list", "--where", "tag:mine", "--json").json]
    assert tagged == ["Alfa Telecom"]


def test_somebody_the_store_does_not_know_may_nothing(staffed: Cli) -> None:
    staffed("config", "set", "me", "nobody@partner.example")

    result = staffed("customers", "list", expect=4)

    assert result.stderr.startswith(
        "error: nobody@partner.example is no partner administrator that this store knows\n"
    )


def test_files_of_tags_and_administrators_take_the_same_rights(staffed: Cli, tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "tags.csv").write_text(f"org_id,tag\n{ALFA},x\n", encoding="utf-8")
    (folder / "admins.csv").write_text("email,role\nx@partner.example,full_admin\n", encoding="utf-8")
    become(staffed, "admin")

    staffed("import", folder / "tags.csv")
    assert "may not manage administrators" in staffed("import", folder / "admins.csv", expect=4).stderr


def test_python_obeys_too(staffed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_ME", "helpdesk_admin@partner.example")

    with open_hub() as hub:
        assert len(tuple(hub.customers.list().records)) == 5
        with pytest.raises(NotAllowed, match="may not see analytics and run reports"):
            hub.kpis.overview()
        with pytest.raises(NotAllowed, match="may not see subscriptions, licenses and people"):
            hub.subscriptions.list()


def test_the_audit_names_who_acted(staffed: Cli) -> None:
    become(staffed, "full_admin")
    staffed("tags", "add", ALFA, "gold")

    (entry,) = staffed("audit", "list", "--action", "tags", "--customer", "alfa telecom", "--json").json

    assert (entry["actor"], entry["before"], entry["after"]) == (
        "full_admin@partner.example",
        "[]",
        '["gold"]',
    )
