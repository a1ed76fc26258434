"""``import``: rows, repeats, clashes, implausible values, bad rows (``files.md``, Rules)."""

import csv
from pathlib import Path

import pytest

from tests.commands.importing import (
    ACME,
    BETA,
    CUSTOMERS,
    GAMA,
    MEETINGS,
    ask,
    base,
    column,
    counts,
    details,
    notes,
    seen,
    write,
)
from tests.conftest import Cli

FIGURES = "SELECT total, assigned, used_ever, ended FROM licenses WHERE product = 'meetings'"


def test_an_empty_subscription_id_speaks_of_the_customer_alone(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "")))

    assert column(home, "SELECT name FROM customers") == ["Acme"]
    assert ask(home, "SELECT * FROM subscriptions") == ask(home, "SELECT * FROM licenses") == []


def test_identical_repeats_count_once_with_a_note(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name\n{ACME},Acme\n{ACME},Acme\n{ACME},Acme\n")
    result = cli("import", file, "--json")

    assert (result.json[0]["rows"], result.json[0]["inserted"], result.json[0]["unchanged"]) == (3, 1, 2)
    assert f"{file}: 2 rows repeat others and count once\n" in result.stderr


def test_a_repeated_row_of_a_report_is_told_once(cli: Cli, tmp_path: Path) -> None:
    row = seen("2026-11-22", "S1") + ",9,8,7"
    file = details(tmp_path / "d.csv", row, row, more=f",{MEETINGS}")
    result = cli("import", file, "--json")

    assert (result.json[0]["rows"], result.json[0]["inserted"], result.json[0]["unchanged"]) == (2, 1, 1)
    assert result.stderr == f"{file}: 1 row repeats another and counts once\n"


@pytest.mark.parametrize("more", ["", f",{MEETINGS}"])
def test_the_same_key_and_day_with_other_values_names_both_lines(
    cli: Cli, tmp_path: Path, home: Path, more: str
) -> None:
    rows = [seen("2026-11-22", "S1"), seen("2026-11-22", "S2"), seen("2026-11-22", "S1", status="Expired")]
    if more:
        rows = [rows[0] + ",9,8,7", rows[1] + ",9,8,7", rows[0] + ",9,8,6"]
    file = details(tmp_path / "d.csv", *rows, more=more)
    error = cli("import", file, expect=12).stderr

    assert f"{file}, line 4: says something else of S1" in error
    assert "than line 2 does, for the day 2026-11-22" in error
    assert ask(home, "SELECT * FROM customers") == []


def test_the_same_key_on_two_days_of_one_file_is_history(cli: Cli, tmp_path: Path, home: Path) -> None:
    rows = seen("2026-11-15", "S1"), seen("2026-11-22", "S1", status="Expired")
    cli("import", details(tmp_path / "d.csv", *rows))

    assert ask(home, "SELECT valid_from, status FROM subscriptions_versions ORDER BY 1") == [
        ("2026-11-15", "active"),
        ("2026-11-22", "expired"),
    ]


def test_two_values_of_a_customer_field_warn_and_the_last_counts(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    file = details(
        tmp_path / "d.csv",
        seen("2026-11-22", "S1") + ",10",
        seen("2026-11-22", "S2") + ",10",
        seen("2026-11-22", "S3") + ",12",
        more=",Total users in organization",
    )
    result = cli("import", file)

    assert f"{file}, lines 2 and 4: two values of customer {ACME}; the last one counts" in result.stderr
    assert column(home, "SELECT total_users FROM customers") == [12]


def test_an_all_empty_triple_is_no_row_and_zeros_are(cli: Cli, tmp_path: Path, home: Path) -> None:
    more = f",{MEETINGS}"
    cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "S1") + ",,,", more=more))
    assert column(home, "SELECT COUNT(*) FROM licenses WHERE NOT ended") == [0]
    cli("import", details(tmp_path / "d.csv", seen("2026-11-23", "S1") + ",0,0,0", more=more))
    assert ask(home, FIGURES) == [(0, 0, 0, 0)]


def test_an_all_empty_triple_ends_a_row_that_stood(cli: Cli, tmp_path: Path, home: Path) -> None:
    more = f",{MEETINGS}"
    cli("import", details(tmp_path / "d.csv", seen("2026-11-15", "S1") + ",9,8,7", more=more))
    cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "S1") + ",,,", more=more))

    assert ask(home, FIGURES) == [(None, None, None, 1)]
    assert column(home, "SELECT COALESCE(total, 0) FROM subscriptions") == [0]


def test_a_figure_that_is_empty_is_unknown_and_not_carried(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    header = "subscription_id,product,total,assigned,used_7d\n"
    cli("import", write(tmp_path / "licenses_2026-11-15.csv", f"{header}S1,meetings,9,8,7\n"))
    cli("import", write(tmp_path / "licenses_2026-11-22.csv", f"{header}S1,meetings,9,,\n"))

    assert ask(home, "SELECT total, assigned, used_7d FROM licenses") == [(9, None, None)]


@pytest.mark.parametrize(
    ("name", "text", "warning"),
    [
        (
            "subscriptions.csv",
            f"subscription_id,org_id,kind,start_date,end_date\nS8,{ACME},subscription,2026-05-01,2026-04-01\n",
            "line 2: end_date: '2026-04-01' lies before the start; kept",
        ),
        (
            "subscriptions.csv",
            f"subscription_id,org_id,kind,auto_renew\nS8,{ACME},trial,true\n",
            "line 2: auto_renew: 'true' stands on a trial, and trials never renew; kept",
        ),
        (
            "licenses.csv",
            "subscription_id,product,total,assigned\nS1,meetings,8,9\n",
            "line 2: assigned: '9' is above the total; kept (license overage)",
        ),
        (
            "customers.csv",
            f"org_id,name,country\n{ACME},Acme,Utopia\n",
            "line 2: country: 'Utopia' is no country code of ISO 3166-1; kept as it stands",
        ),
        (
            "subscriptions.csv",
            f"subscription_id,org_id,kind,status\nS8,{ACME},trial,Asleep\n",
            "line 2: status: 'Asleep' is no known status; kept as it stands, and not counted as running",
        ),
    ],
)
def test_what_is_implausible_is_kept_with_one_warning(
    cli: Cli, tmp_path: Path, name: str, text: str, warning: str
) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / name, text)

    assert f"{file}, {warning}\n" in cli("import", file).stderr


@pytest.mark.parametrize("report", [False, True])
def test_figures_dated_before_the_start_are_kept_with_one_warning(
    cli: Cli, tmp_path: Path, home: Path, report: bool
) -> None:
    base(cli, tmp_path)
    starts = f"subscription_id,org_id,kind,start_date\nS1,{ACME},subscription,2026-11-01\n"
    cli("import", write(tmp_path / "subscriptions_2026-11-01.csv", starts))
    if report:
        file = details(tmp_path / "d.csv", seen("2026-10-01", "S1") + ",9,8,7", more=f",{MEETINGS}")
    else:
        header = "subscription_id,product,total,assigned,as_of\n"
        file = write(tmp_path / "licenses.csv", f"{header}S1,meetings,9,8,2026-10-01\n")

    warning = f"{file}, line 2: figures dated before their subscription starts; kept"
    assert cli("import", file).stderr.splitlines() == [warning]
    assert column(home, "SELECT total FROM licenses WHERE product = 'meetings'") == [9]


def test_one_warning_per_kind_counts_its_rows(cli: Cli, tmp_path: Path) -> None:
    rows = "".join(f"{ACME[:-1]}{i},Acme {i},Utopia\n" for i in range(5))
    file = write(tmp_path / "customers.csv", f"org_id,name,country\n{rows}")

    assert "(5 rows in all)" in cli("import", file).stderr


@pytest.mark.parametrize("word", ["subscribed", "", "1"])
def test_a_kind_is_subscription_or_trial(cli: Cli, tmp_path: Path, word: str) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "subscriptions.csv", f"subscription_id,org_id,kind\nS1,{ACME},{word}\n")

    assert f"{file}, line 2: kind:" in cli("import", file, expect=12).stderr


def test_a_kind_and_who_manages_are_read_in_any_case(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    cli("import", write(tmp_path / "subscriptions.csv", f"subscription_id,org_id,kind\nS1,{ACME},Trial\n"))
    cli("import", write(tmp_path / "customers.csv", f"org_id,name,managed_by\n{ACME},Acme,External\n"))

    assert column(home, "SELECT kind FROM subscriptions WHERE subscription_id = 'S1'") == ["trial"]
    assert column(home, f"SELECT managed_by FROM customers WHERE org_id = '{ACME}'") == ["external"]


def test_who_manages_is_partner_or_external(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name,managed_by\n{ACME},Acme,somebody\n")

    assert f"{file}, line 2: managed_by: 'somebody'" in cli("import", file, expect=12).stderr


# Rows that are left out --------------------------------------------------------------------------------


def rejected(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def test_skipping_stores_the_good_rows_and_writes_the_bad_ones(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", f'org_id,name\n{ACME},Acme\nnone,"Beta, Ltd"\n{GAMA}\n')
    result = cli("import", file, "--skip-bad-rows", "--json", expect=3)
    left_out = tmp_path / "customers.rejected.csv"

    assert [result.json[0][k] for k in ("rows", "inserted", "unchanged", "rejected")] == [3, 1, 0, 2]
    assert f"{file}: 2 rows rejected, see {left_out}" in result.stderr
    assert rejected(left_out) == [
        ["org_id", "name", "rejected_line", "rejected_reason"],
        ["none", "Beta, Ltd", "3", "org_id: 'none' is no organization id"],
        [GAMA, "", "4", "the row has 1 cell, the header 2"],
    ]
    assert column(home, "SELECT name FROM customers") == ["Acme"]


def test_the_rejected_file_is_read_again_once_it_is_corrected(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers_2026-11-20.csv", f"org_id,name\n{ACME},Acme\nnone,Beta\n")
    cli("import", file, "--skip-bad-rows", expect=3)
    left_out = tmp_path / "customers_2026-11-20.rejected.csv"
    left_out.write_text(left_out.read_text().replace("none,", f"{BETA},"))
    result = cli("import", left_out, "--json")

    assert (result.json[0]["inserted"], result.json[0]["day"]) == (1, "2026-11-20")
    assert "rejected_line" not in result.stderr
    assert column(home, "SELECT name FROM customers ORDER BY 1") == ["Acme", "Beta"]


def test_skipping_leaves_out_rows_with_unknown_references(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    text = f"email,org_id\nbo@acme.example,{GAMA}\nana@acme.example,{ACME}\n"
    file = write(tmp_path / "users.csv", text)

    assert counts(cli, file, "--skip-bad-rows", expect=3) == [(2, 1, 0, 0, 1)]
    assert rejected(tmp_path / "users.rejected.csv")[1:] == [
        ["bo@acme.example", GAMA, "2", f"org_id: {GAMA} is not known to the store"]
    ]
    assert column(home, "SELECT email FROM users") == ["ana@acme.example"]


def test_skipping_leaves_out_rows_that_clash_with_an_earlier_one(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    text = f"org_id,name\n{ACME},Acme\n{ACME},Acme Ltd\n{BETA},Beta\n{ACME},Acme\n{ACME},Acme SA\n"
    file = write(tmp_path / "customers.csv", text)

    assert counts(cli, file, "--skip-bad-rows", expect=3) == [(5, 2, 0, 1, 2)]
    assert [row[2] for row in rejected(tmp_path / "customers.rejected.csv")[1:]] == ["3", "6"]
    assert column(home, "SELECT name FROM customers ORDER BY 1") == ["Acme", "Beta"]


def test_skipping_leaves_out_single_tags(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    six = "".join(f"{BETA},,t{i}\n" for i in range(6))
    text = f"org_id,subscription_id,tag\n{ACME},,a\n{ACME},S9,b\n{ACME},S1,c\n{GAMA},,d\n{GAMA},,e\n{six}"
    file = write(tmp_path / "tags.csv", text)

    assert counts(cli, file, "--skip-bad-rows", expect=3) == [(11, 7, 0, 0, 4)]
    assert [row[3] for row in rejected(tmp_path / "tags.rejected.csv")[1:]] == ["3", "5", "6", "12"]
    assert ask(home, f"SELECT subscription_id, tag FROM tags WHERE org_id = '{ACME}'") == [
        ("", "a"),
        ("S1", "c"),
    ]


def test_no_file_of_rejected_rows_stays_where_nothing_was_stored(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", f'org_id,name\nnone,x\n{ACME},"Acme\n')
    cli("import", file, "--skip-bad-rows", expect=12)

    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["customers.csv"]


def test_a_dry_run_stores_nothing_and_writes_no_file(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name\n{ACME},Acme\nnone,Beta\n")
    result = cli("import", file, "--skip-bad-rows", "--dry-run", "--json", expect=3)

    assert (result.json[0]["run_id"], result.json[0]["inserted"], result.json[0]["rejected"]) == (None, 1, 1)
    assert list(tmp_path.iterdir()) == [file]


def test_a_dry_run_over_a_store_leaves_it_as_it_is(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "customers.csv", CUSTOMERS.replace("Beta", "Beta Ltd"))

    assert counts(cli, file, "--dry-run") == [(2, 0, 1, 1, 0)]
    assert column(home, "SELECT name FROM customers ORDER BY 1") == ["Acme", "Beta"]
    assert column(home, "SELECT COUNT(*) FROM runs") == [2]


def test_many_clashes_are_found_in_one_go(cli: Cli, tmp_path: Path) -> None:
    rows = "".join(f"{ACME},Acme {i}\n" for i in range(3000))
    file = write(tmp_path / "customers.csv", f"org_id,name\n{rows}")

    assert counts(cli, file, "--skip-bad-rows", expect=3) == [(3000, 1, 0, 0, 2999)]


def test_a_row_of_nothing_is_no_row(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name\n{ACME},Acme\n,\n\n")
    result = cli("import", file)

    assert notes(result.stderr, "line 3: skipped an empty row")
