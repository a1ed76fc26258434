"""``import``: files of sets and inventories replace what the customers they name have (``files.md``)."""

from pathlib import Path

import pytest

from tests.commands.importing import ACME, BETA, ask, base, column, counts, notes, write
from tests.conftest import Cli

TAGS = "org_id,subscription_id,tag"


@pytest.fixture(autouse=True)
def known(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)


def tags(cli: Cli, tmp_path: Path, day: str, *rows: str) -> None:
    cli("import", write(tmp_path / f"tags_{day}.csv", "\n".join((TAGS, *rows)) + "\n"))


def test_tags_replace_those_of_the_customers_they_name(cli: Cli, tmp_path: Path, home: Path) -> None:
    tags(cli, tmp_path, "2026-11-01", f"{ACME},,vip", f"{ACME},S1,gold", f"{BETA},,new")
    tags(cli, tmp_path, "2026-11-02", f"{ACME},,old")

    assert ask(home, "SELECT org_id, subscription_id, tag FROM tags") == [
        (ACME, "", "old"),
        (BETA, "", "new"),
    ]


def test_an_empty_tag_clears_them(cli: Cli, tmp_path: Path, home: Path) -> None:
    tags(cli, tmp_path, "2026-11-01", f"{ACME},,vip", f"{BETA},,new")
    tags(cli, tmp_path, "2026-11-02", f"{ACME},,")

    assert ask(home, "SELECT org_id, tag FROM tags") == [(BETA, "new")]


def test_older_tags_change_only_the_past(cli: Cli, tmp_path: Path, home: Path) -> None:
    tags(cli, tmp_path, "2026-11-02", f"{ACME},,new")
    tags(cli, tmp_path, "2026-11-01", f"{ACME},,old")

    assert column(home, "SELECT tag FROM tags") == ["new"]


def test_tags_that_fold_alike_are_one(cli: Cli, tmp_path: Path, home: Path) -> None:
    tags(cli, tmp_path, "2026-11-01", f"{ACME},,Ação", f"{ACME},,acao")

    assert column(home, "SELECT tag FROM tags") == ["Ação"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([f"{ACME},,t{i}" for i in range(6)], "line 7: tag: more than 5 tags"),
        ([f"{ACME},,{'x' * 26}"], "line 2: tag: the tag"),
        ([f'{ACME},,"a,b"'], "line 2: tag: the tag 'a,b' holds a comma"),
    ],
)
def test_tags_have_their_limits(cli: Cli, tmp_path: Path, home: Path, rows: list[str], words: str) -> None:
    file = write(tmp_path / "tags.csv", "\n".join((TAGS, *rows)) + "\n")

    assert words in cli("import", file, expect=12).stderr
    assert column(home, "SELECT tag FROM tags") == []


def test_five_tags_each_for_a_customer_and_its_subscription(cli: Cli, tmp_path: Path) -> None:
    rows = [f"{ACME},{s},t{i}" for s in ("", "S1") for i in range(5)]
    file = write(tmp_path / "tags.csv", "\n".join((TAGS, *rows)) + "\n")

    assert counts(cli, file) == [(10, 10, 0, 0, 0)]


def test_assignments_replace_those_of_the_customers_they_name(cli: Cli, tmp_path: Path, home: Path) -> None:
    header = "email,org_id\n"
    first = f"{header}Ana@acme.example,{ACME}\nbo@acme.example,{ACME}\nbo@acme.example,{BETA}\n"
    cli("import", write(tmp_path / "assignments_2026-11-01.csv", first))
    cli(
        "import", write(tmp_path / "assignments_2026-11-02.csv", f"{header}cy@acme.example,{ACME}\n,{BETA}\n")
    )

    assert ask(home, "SELECT org_id, email FROM assignments") == [(ACME, "cy@acme.example")]


# Inventories -------------------------------------------------------------------------------------------


def devices(cli: Cli, tmp_path: Path, day: str, *rows: str) -> str:
    file = write(
        tmp_path / day / f"devices_{day}.csv", "\n".join(("org_id,mac,product,firmware", *rows)) + "\n"
    )
    return cli("import", file).stderr


def macs(home: Path, org_id: str) -> list[str]:
    return column(
        home,
        "SELECT mac FROM devices r JOIN inventories i ON i.content_id = r.content_id"
        f" WHERE i.org_id = '{org_id}' ORDER BY mac",
    )


def test_an_inventory_is_replaced_whole_for_the_customers_named(cli: Cli, tmp_path: Path, home: Path) -> None:
    devices(cli, tmp_path, "2026-11-01", f"{ACME},00,a,1", f"{ACME},01,a,1", f"{BETA},02,a,1")
    devices(cli, tmp_path, "2026-11-02", f"{ACME},03,a,1")

    assert (macs(home, ACME), macs(home, BETA)) == (["03"], ["02"])


def test_an_older_inventory_changes_nothing_with_a_note(cli: Cli, tmp_path: Path, home: Path) -> None:
    devices(cli, tmp_path, "2026-11-02", f"{ACME},03,a,1")
    said = devices(cli, tmp_path, "2026-11-01", f"{ACME},00,a,1", f"{BETA},02,a,1")

    assert notes(said, "1 customer has a newer inventory than 2026-11-01; unchanged")
    assert (macs(home, ACME), macs(home, BETA)) == (["03"], ["02"])


def test_customers_may_be_interleaved(cli: Cli, tmp_path: Path, home: Path) -> None:
    devices(cli, tmp_path, "2026-11-02", *(f"{org},{i},a,1" for i in range(3) for org in (ACME, BETA)))

    assert macs(home, ACME) == macs(home, BETA) == ["0", "1", "2"]


def test_rows_that_repeat_count_once(cli: Cli, tmp_path: Path, home: Path) -> None:
    said = devices(cli, tmp_path, "2026-11-02", f"{ACME},00,a,1", f"{ACME},01,a,1", f"{ACME},00,a,1")

    assert notes(said, "1 row repeats another and counts once")
    assert macs(home, ACME) == ["00", "01"]


def test_an_inventory_report_creates_its_customers(cli: Cli, tmp_path: Path, home: Path) -> None:
    gama = ACME.replace("a", "c")
    text = f"Customer,Customer organization ID,MAC,Product\nGama,{gama},00,Desk\nGama,{gama},01,Desk\n"
    cli("import", write(tmp_path / "Devices_2026-11-20.csv", text), "--region", "AE")

    assert ask(home, f"SELECT name, region, last_seen FROM customers WHERE org_id = '{gama}'") == [
        ("Gama", "AE", "2026-11-20")
    ]
    assert macs(home, gama) == ["00", "01"]


def test_a_bad_row_of_an_inventory_is_left_out(cli: Cli, tmp_path: Path, home: Path) -> None:
    text = f"org_id,app_type,platform,users\n{ACME},desktop,mac,7\n{ACME},desktop,win,x\n"
    file = write(tmp_path / "app-versions.csv", text)

    assert counts(cli, file, "--skip-bad-rows", expect=3) == [(2, 1, 0, 0, 1)]
    assert column(home, "SELECT platform FROM app_versions") == ["mac"]
