"""``roles``, ``regions`` and ``resources`` at the command line (PH-O3, PH-O5, PH-H1, PH-H2)."""

from pathlib import Path

import pytest

from tests.commands.estate import import_estate
from tests.conftest import Cli


def test_roles_and_what_each_may_do(cli: Cli) -> None:
    assert cli("roles", "list", "-o", "csv").stdout == (
        "role,name,sees_all_customers,can_change_tags,can_start_trials,can_manage_admins,can_run_reports\n"
        "full_admin,Partner full administrator,true,true,true,true,true\n"
        "admin,Partner administrator,false,true,true,false,false\n"
        "readonly_admin,Partner read-only administrator,true,false,false,false,true\n"
        "provisioning_admin,Provisioning administrator,false,false,false,false,false\n"
        "helpdesk_admin,Help desk administrator,true,false,false,false,false\n"
    )


def test_regions_count_customers(cli: Cli, tmp_path: Path) -> None:
    import_estate(cli, tmp_path / "in")

    assert (
        cli("regions", "list").stdout
        == """\
region   name                  customers
-------  --------------------  ---------
US       United States                 1
CA       Canada                        0
EU       Europe                        1
AE       United Arab Emirates          0
unknown  Unknown                       1

data as of 2026-11-22
"""
    )


def test_regions_of_old_data(cli: Cli, tmp_path: Path) -> None:
    import_estate(cli, tmp_path / "in")

    assert cli("regions", "list", "--max-age", "0d", expect=11).stdout == ""
    assert len(cli("regions", "list", "--max-age", "1d", "--json").json) == 5


def test_regions_of_an_empty_store(cli: Cli) -> None:
    assert {row["customers"] for row in cli("regions", "list", "--json").json} == {0}


def test_resources_support(cli: Cli) -> None:
    assert (
        cli("resources", "support").stdout
        == """\
title                                          kind     url
---------------------------------------------  -------  ------------------------------
Contact partner support: Webex Calling         support  https://help.webex.com/contact
Contact partner support: Webex Contact Center  support  https://help.webex.com/contact
"""
    )


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["PHONE", "números"], []),
        (["Phone", "Numbers", "porting"], ["Cisco Calling Plans"]),
        (["calling", "--kind", "support"], ["Contact partner support: Webex Calling"]),
        (["outage"], ["Webex service status"]),
        (["support", "contact center"], ["Contact partner support: Webex Contact Center"]),
    ],
)
def test_every_word_has_to_fit(cli: Cli, words: list[str], titles: list[str]) -> None:
    assert [one["title"] for one in cli("resources", *words, "--json").json] == titles


def test_every_resource_is_a_public_address(cli: Cli) -> None:
    resources = cli("resources", "--json").json

    assert {tuple(one) for one in resources} == {("title", "kind", "url", "words")}
    assert {one["kind"] for one in resources} == {"link", "guide", "support"}
    assert all(one["url"].startswith("https://") for one in resources)


def test_kinds_of_resources(cli: Cli) -> None:
    assert "'video' is not one of" in cli("resources", "--kind", "video", expect=2).stderr
