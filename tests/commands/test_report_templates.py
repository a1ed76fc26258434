"""``reports add``, ``edit``, ``remove``: templates of one's own (PH-R3)."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.commands.analytics import ALFA, BRAVO, analytics
from tests.conftest import Cli

__all__ = ["analytics"]

GOLD = """\
# A custom report template; see `partnerctl reports show`.

name = "gold-eu-renewals"
about = "Subscriptions that renew by themselves soon (own choice)"
period = "horizon"
source = "renewing"
days = 60
product = "meetings"
language = "pt"
where = "region:EU"
sort = ["-total", "customer"]

[titles]
en = "Gold EU renewals"
pt = "Gold EU renewals"

[[columns]]
key = "customer"
kind = "name"
en = "Customer name"
pt = "Nome do cliente"

[[columns]]
key = "end_date"
kind = "date"
en = "Expiry / renewal date"
pt = "Validade / data de renovação"
"""

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights and no such editor")


@pytest.fixture
def folder(home: Path) -> Path:
    """Return the folder of custom templates."""
    return home / "config" / "templates"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "UTC")
    return folder


@pytest.fixture
def gold(analytics: Cli) -> Cli:
    analytics(
        *("reports", "add", "Gold EU renewals", "--base", "renewing", "--columns", "customer,end_date"),
        *("--where", "region:EU", "--days", "60", "--product", "meetings"),
        *("--sort", "-total,customer", "--language", "pt"),
    )
    return analytics


def test_a_template_of_ones_own_is_a_file_of_the_same_form(gold: Cli, folder: Path) -> None:
    path = folder / "gold-eu-renewals.toml"

    assert path.read_text("utf-8") == GOLD
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_listed_shown_and_run_by_name_or_title(gold: Cli, here: Path) -> None:
    listed = {one["template"]: one for one in gold("reports", "list", "--json").json}
    shown = gold("reports", "show", "Gold EU renewals", "--json").json
    gold("reports", "run", "gold eu RENEWALS", "-q")

    (path,) = here.iterdir()
    assert listed["gold-eu-renewals"]["custom"] is True
    assert (shown["source"], shown["where"], shown["days"]) == ("renewing", "region:EU", 60)
    assert shown["sort"] == ["-total", "customer"]
    assert [column["key"] for column in shown["columns_detail"]] == ["customer", "end_date"]
    assert path.name.startswith("Gold EU renewals_")
    assert path.read_text("utf-8") == (
        "Nome do cliente,Validade / data de renovação\nBravo GmbH,2027-01-22\n"
    )


def test_the_command_line_adds_to_what_it_asks_for(gold: Cli) -> None:
    none = gold("reports", "run", "gold-eu-renewals", "--where", "name:alfa", "--stdout", "-q")
    wide = gold("reports", "run", "gold-eu-renewals", "--language", "en", "--days", "600", "--stdout", "-q")

    assert none.stdout == "Nome do cliente,Validade / data de renovação\n"
    assert wide.stdout == (
        "Customer name,Expiry / renewal date\nBravo GmbH,2027-01-22\nDélta Foods,2028-05-22\n"
    )


def test_one_made_from_another_takes_over_what_that_asks_for(gold: Cli) -> None:
    gold(
        "reports",
        "add",
        "Wide",
        "--base",
        "gold-eu-renewals",
        "--days",
        "600",
        "--columns",
        "customer,region",
    )

    assert gold("reports", "run", "wide", "--stdout", "-q").stdout == (
        "Nome do cliente,Região\nBravo GmbH,EU\nDélta Foods,EU\n"
    )


def test_a_report_of_partner_hub_with_few_columns_in_another_order(analytics: Cli) -> None:
    analytics(
        *("reports", "add", "Ends", "--base", "subscription-details", "--sort", "-end_date,subscription_id"),
        *("--columns", "end_date,customer,subscription_id"),
    )

    assert analytics("reports", "run", "ends", "--stdout", "-q").stdout == (
        "Expiry / renewal date,Customer name,Subscription ID\n"
        "2028-05-22,Délta Foods,D1\n"
        "2027-11-22,Charlie,C1\n"
        "2027-01-22,Bravo GmbH,B1\n"
        "2026-12-31,Echo,E1\n"
        "2026-12-03,Alfa Telecom,A1\n"
        "2026-11-25,Alfa Telecom,A2\n"
        ",Délta Foods,D2\n"
    )


def test_numbers_are_sorted_as_numbers_also_by_a_column_that_is_not_shown(analytics: Cli) -> None:
    words = ("--base", "subscription-details", "--columns", "subscription_id")
    analytics("reports", "add", "Most", *words, "--sort", "-meetings_available")

    assert analytics("reports", "run", "most", "--stdout", "-q").lines == [
        "Subscription ID",
        *("B1", "A1", "D1", "C1", "E1", "A2", "D2"),
    ]


def test_region_product_and_where_narrow_it(analytics: Cli) -> None:
    words = ("--base", "expiring", "--region", "US", "--product", "calling", "--columns", "subscription_id")
    analytics("reports", "add", "Calling US", *words)

    assert analytics("reports", "run", "calling-us", "--stdout", "-q").lines == ["Subscription ID", "A2"]
    assert analytics("reports", "run", "calling-us", "--region", "EU", "--stdout", "-q").lines == [
        "Subscription ID"
    ]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("X", "--base", "renewing", "--columns", "customr"), 2, "--columns: there is no column 'customr'"),
        (("X", "--base", "renewing", "--sort", "-day_left"), 2, "--sort: there is no column 'day_left'"),
        (("X", "--base", "renewing", "--where", "tagg:gold"), 2, "tagg"),
        (("X", "--base", "customers", "--days", "5"), 2, "--days: customers does not take it"),
        (("X", "--base", "renwing"), 5, "no report template is called 'renwing'"),
        (("Devices", "--base", "renewing"), 6, "devices is the name of a default template"),
        (("Gold EU renewals", "--base", "renewing"), 6, "'gold-eu-renewals' already"),
        (("***", "--base", "renewing"), 2, "'***' has no letter and no digit"),
    ],
)
def test_what_makes_no_sense_is_refused(
    gold: Cli, folder: Path, words: tuple[str, ...], code: int, error: str
) -> None:
    before = sorted(folder.iterdir())

    assert error in gold("reports", "add", *words, expect=code).stderr
    assert sorted(folder.iterdir()) == before


def test_a_dry_run_writes_nothing(analytics: Cli, folder: Path) -> None:
    result = analytics("reports", "add", "X", "--base", "renewing", "--dry-run")

    assert "dry run: nothing was written" in result.stderr
    assert not folder.exists()


def test_a_bad_file_is_told_with_line_and_field_and_hides_no_other(gold: Cli, folder: Path) -> None:
    bad = folder / "bad.toml"
    bad.write_text(GOLD.replace('kind = "date"', 'kind = "dat"').replace("gold-eu", "bad"), "utf-8")

    assert f"{bad}, line 25: columns[2].kind: 'dat' is none of" in gold("reports", "list").stderr
    assert f"{bad}, line 25: columns[2].kind" in gold("reports", "run", "bad", expect=12).stderr
    assert gold("reports", "run", "gold-eu-renewals", "--stdout", "-q").exit_code == 0


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Let $EDITOR be a program that replaces a text."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text('utf-8').replace({old!r}, {new!r}), 'utf-8')\n",
        "utf-8",
    )
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    monkeypatch.delenv("VISUAL", raising=False)


@posix_only
def test_edit_opens_the_editor_and_checks_what_it_saved(
    gold: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "days = 60", "days = 600")

    gold("reports", "edit", "gold-eu-renewals", terminal=True)

    assert (folder / "gold-eu-renewals.toml").read_text("utf-8") == GOLD.replace("days = 60", "days = 600")
    editor(tmp_path, monkeypatch, "what nobody wrote", "")
    assert gold("reports", "edit", "gold-eu-renewals", terminal=True).stderr.endswith("nothing was changed\n")


@posix_only
def test_a_text_that_is_no_template_is_kept_beside(
    gold: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, 'kind = "date"', 'kind = "dat"')

    result = gold("reports", "edit", "gold-eu-renewals", terminal=True, expect=12)

    path = folder / "gold-eu-renewals.toml"
    assert f"error: {path}, line 25: columns[2].kind: 'dat' is none of" in result.stderr
    assert f"the template stays as it was; your text is in {path}.rejected" in result.stderr
    assert path.read_text("utf-8") == GOLD
    assert 'kind = "dat"\n' in path.with_name(f"{path.name}.rejected").read_text("utf-8")


def test_edit_needs_a_terminal_and_a_template_of_ones_own(gold: Cli, folder: Path) -> None:
    path = folder / "gold-eu-renewals.toml"

    assert gold("reports", "edit", "gold-eu-renewals", expect=2).stderr == (
        f"error: an editor needs a terminal\nhint: edit the file itself: {path}\n"
    )
    assert "devices is a default template" in gold("reports", "edit", "devices", expect=5).stderr
    assert "did you mean gold-eu-renewals?" in gold("reports", "edit", "gold-eu-renewal", expect=5).stderr


def test_remove_keeps_what_a_schedule_uses(gold: Cli, folder: Path) -> None:
    gold("reports", "schedule", "gold-eu-renewals", "--daily", "--at", "7:00", "--tz", "UTC")

    used = gold("reports", "remove", "gold-eu-renewals", "--yes", expect=6)
    gold("schedules", "remove", "gold-eu-renewals", "--yes")
    asked = gold("reports", "remove", "gold-eu-renewals", expect=2)
    rehearsed = gold("reports", "remove", "gold-eu-renewals", "--dry-run")
    gold("reports", "remove", "gold-eu-renewals", "--yes")

    assert "gold-eu-renewals is used by the schedule gold-eu-renewals" in used.stderr
    assert "this needs a confirmation" in asked.stderr
    assert "nothing was changed" in rehearsed.stderr
    assert list(folder.iterdir()) == []
    assert {ALFA, BRAVO}  # the customers of the fixture


def test_a_copy_goes_by_its_file_and_never_stands_for_another(gold: Cli, folder: Path) -> None:
    copy = folder / "other.toml"
    copy.write_text(GOLD, "utf-8")

    assert f"{copy}, line 3: name: is 'gold-eu-renewals' in the file other.toml" in (
        gold("reports", "run", "other", expect=12).stderr
    )
    gold("reports", "remove", "other", "--yes")
    assert [path.name for path in folder.iterdir()] == ["gold-eu-renewals.toml"]


def test_a_file_never_takes_the_place_of_a_default_template(gold: Cli, folder: Path) -> None:
    (folder / "today.toml").write_text(GOLD.replace("gold-eu-renewals", "today"), "utf-8")

    assert "'today' is a default template" in gold("reports", "list").stderr
    assert "'today' is a default template" in gold("reports", "run", "today", expect=12).stderr


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('key = "end_date"', 'key = "nope"', "line 24: columns[2].key: the source has no 'nope'"),
        ('"-total"', '"-nope"', "line 11: sort: the source has no '-nope'"),
        ('"horizon"', '"range"', "line 5: period: is range"),
        ('"region:EU"', '"nofield:1"', "template gold-eu-renewals: where: "),
    ],
)
def test_what_the_source_does_not_have_is_told_before_it_is_run(
    gold: Cli, folder: Path, old: str, new: str, error: str
) -> None:
    path = folder / "gold-eu-renewals.toml"
    path.write_text(GOLD.replace(old, new), "utf-8")

    result = gold("reports", "run", "gold-eu-renewals", "--stdout", expect=12)

    assert error in result.stderr
    assert result.stdout == ""


@posix_only
def test_odd_things_in_the_folder_hide_no_template(gold: Cli, folder: Path) -> None:
    (folder / "folder.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    (folder / "gone.toml").symlink_to(folder / "nowhere")
    (folder / "deep.toml").write_text(f"x = {'[' * 3000}", "utf-8")

    result = gold("reports", "list", "--json")

    assert len(result.json) == 17
    assert len(result.stderr.splitlines()) == 4
    assert gold("reports", "run", "gold-eu-renewals", "--stdout", "-q").exit_code == 0


def test_what_the_base_asks_for_holds_as_well(gold: Cli) -> None:
    words = ("--base", "gold-eu-renewals", "--where", "seats:10..")

    assert gold("reports", "add", "Big", *words, "--json").json["where"] == "region:EU seats:10.."


@posix_only
@pytest.mark.parametrize("leaves", ["latin", "nothing", "folder"])
def test_an_editor_that_leaves_no_text_changes_nothing(
    gold: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leaves: str
) -> None:
    what = {
        "latin": "path.write_bytes('name = \"é\"'.encode('latin-1'))",
        "nothing": "path.unlink()",
        "folder": "path.unlink(); path.mkdir()",
    }[leaves]
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{what}\n", "utf-8")
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    monkeypatch.delenv("VISUAL", raising=False)

    code = 12 if leaves == "latin" else 2
    result = gold("reports", "edit", "gold-eu-renewals", terminal=True, expect=code)

    assert ("is not UTF-8 text" if leaves == "latin" else "the editor left no file") in result.stderr
    assert (folder / "gold-eu-renewals.toml").read_text("utf-8") == GOLD
    assert (folder / "gold-eu-renewals.toml.rejected").exists() == (leaves == "latin")


def test_a_name_never_leaves_the_folder(analytics: Cli, folder: Path) -> None:
    analytics("reports", "add", "../../etc/x", "--base", "today")

    assert [path.name for path in folder.iterdir()] == ["etc-x.toml"]
