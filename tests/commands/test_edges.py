"""What a list says at its edges: an age without data, ids that differ in case."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.importing import ACME, CUSTOMERS, write
from tests.conftest import Cli

SUBSCRIPTIONS = (
    "subscription_id,org_id,kind,status,end_date,auto_renew\n"
    f"Sub1,{ACME},subscription,active,2026-12-10,false\nSUB1,{ACME},subscription,active,,false\n"
)


@pytest.fixture
def twins(cli: Cli, tmp_path: Path) -> Cli:
    """Return the program, with two subscriptions whose ids differ in case alone in its store."""
    write(tmp_path / "files" / "customers.csv", CUSTOMERS)
    write(tmp_path / "files" / "subscriptions.csv", SUBSCRIPTIONS)
    cli("import", tmp_path / "files")
    return cli


@pytest.mark.parametrize("words", [("customers", "list"), ("reports", "run", "devices", "--stdout")])
def test_no_data_is_older_than_any_age(cli: Cli, words: tuple[str, ...]) -> None:
    result = cli(*words, "--max-age", "8d", expect=11)

    assert result.stdout == ""
    assert "there is no data yet" in result.stderr
    assert "partnerctl import FILE" in result.stderr


def test_a_subscription_id_is_found_in_any_case_unless_it_means_two(twins: Cli) -> None:
    for one in ("Sub1", "SUB1"):
        assert twins("subscriptions", "show", one, "--json").json["subscription_id"] == one

    result = twins("subscriptions", "show", "sUb1", expect=5)

    assert "several subscriptions are called 'sUb1'" in result.stderr
    assert "SUB1" in result.stderr


@pytest.mark.parametrize("chosen", ["", ",", " "])
def test_fields_that_name_none_are_wrong_usage(cli: Cli, chosen: str) -> None:
    result = cli("roles", "list", "--fields", chosen, expect=2)

    assert (result.stdout, "--fields" in result.stderr) == ("", True)


def test_a_list_has_no_order(cli: Cli) -> None:
    result = cli("store", "coverage", "--sort", "supplied_by", expect=2)

    assert "--sort: supplied_by is a list and has no order" in result.stderr
