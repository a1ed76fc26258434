"""``reports`` at the command line: what is printed, and the bytes of the files (PH-R1, PH-R3 to PH-R9)."""

import hashlib
from pathlib import Path

import pytest

from tests.commands.estate import ALFA, BRAVO, CHARLIE, FILES, import_estate
from tests.conftest import Cli

NUMBERS = f"""\
External ID,Customer,Customer organization ID,Location ID,Location name,Country,Phone number,Extension,\
PSTN connection,Active,User type,Number type,User ID,User UUID
,=Charlie,{CHARLIE},l3,=Lab,US,,-7,,,,,,
,Ação Telecom,{ALFA},l1,HQ,US,+12025550100,,,false,,,,
,Ação Telecom,{ALFA},l1,HQ,US,+12025550101,101,,true,,,,
,"Bravo, ""Ltda""\",{BRAVO},l2,São Paulo,BR,+551100000002,02,,true,,,,
"""

SUBSCRIPTIONS = f"""\
Calculated date,Customer name,Customer organization ID,Subscription status,Subscription ID,Subscription type,\
Total users in organization,Total verified users,Auto-renewal enabled,Expiry / renewal date,\
Meetings license (available),Meetings license (assigned),Meetings license (used),\
Calling Professional license (available),Calling Professional license (assigned),\
Calling Professional license (used),Calling Standard license (available),\
Calling Standard license (assigned),Calling Standard license (used)
2026-11-22,Ação Telecom,{ALFA},active,Sub1,Annual,10,9,true,2027-01-31,100,90,80,,,,0,0,0
2026-11-22,"Bravo, ""Ltda""\",{BRAVO},active,Sub2,Trial,20,18,false,2026-12-01,,,,,,,,,
"""

SPANS = "the data spans 2 regions (EU, US): --region picks one\n"
COVERAGE = "rows by region: EU 1, US 2, unknown 1\n"


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, where reports go; their ten characters are always the same."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "UTC")
    monkeypatch.setattr("partnerctl.reports.filenames.file_token", lambda seed=None: "Ab3dEf6hI9")
    return folder


@pytest.fixture
def estate(cli: Cli, tmp_path: Path, out: Path) -> Cli:
    """Return the program with the small estate imported, in the folder `out`."""
    import_estate(cli, tmp_path / "in")
    return cli


def test_list_shows_the_default_templates(cli: Cli) -> None:
    assert (
        cli("reports", "list").stdout
        == """\
template              title                         period        columns  custom  about
--------------------  ----------------------------  ------------  -------  ------  ------------------------------------------------------------------------
added                 Recently Added Subscriptions  horizon            19  no      Subscriptions and trials that were added lately
calling-by-customer   Calling by Customer           range              34  no      Calls of every customer, over a week or any 31 days
calling-usage         Calling Usage                 range              33  no      Calls of every customer and location, over a week or any 31 days
changes               Changes                       range              10  no      What changed: customers, subscriptions, licenses, tags
customers             Customers                     snapshot           16  no      Every customer: statuses, products, tags, licenses, what ends next
devices               Devices                       none               12  no      Every device of every customer, as it is now
expiring              Expiring Subscriptions        horizon            16  no      Subscriptions and trials that end soon and do not renew
licenses              Licenses                      snapshot           14  no      Every subscription and product: bought, assigned, used
low-assignment        Low License Assignment        snapshot           19  no      Subscriptions and trials of which few licenses are assigned
overage               License Overage               snapshot           19  no      Subscriptions and trials with more licenses assigned than bought
phone-numbers         Phone Numbers                 none               14  no      Every phone number and extension of every customer, as it is now
renewing              Renewing Subscriptions        horizon            16  no      Subscriptions that renew by themselves soon
subscription-details  Subscription Details          snapshot           19  no      Every subscription and trial with its users and licenses, as of one day
today                 Customers to Act On           snapshot            5  no      The customers that need a person now, the most urgent first
unassigned            Unassigned Licenses           snapshot           16  no      Subscriptions and trials of which no license is assigned
webex-app-version     Webex App Version             last-90-days        7  no      How many users run which version of the Webex app, over the last 90 days
"""  # noqa: E501 - as it is printed
    )


def test_list_can_be_sorted_and_cut(cli: Cli) -> None:
    result = cli("reports", "list", "--sort", "-columns", "--limit", "2", "-o", "csv", "--fields", "template")

    assert result.stdout == "template\ncalling-by-customer\ncalling-usage\n"
    assert result.stderr == "showing 2 of 16\n"


def test_list_names_the_nearest_field_to_sort_by(cli: Cli) -> None:
    result = cli("reports", "list", "--sort", "colums", expect=2)

    assert result.stderr == (
        "error: --sort: there is no field 'colums' to sort by\nhint: did you mean columns?\n"
    )


def test_show_opens_a_template_by_name_or_title(cli: Cli) -> None:
    shown = cli("reports", "show", "Relatório de dispositivos", "--json").json

    assert list(shown) == [
        "template",
        "title",
        "title_pt",
        "period",
        "columns",
        "custom",
        "about",
        "source",
        "sort",
        "where",
        "region",
        "days",
        "product",
        "language",
        "columns_detail",
    ]
    assert (shown["template"], shown["columns"], len(shown["columns_detail"])) == ("devices", 12, 12)
    assert list(shown["columns_detail"][0]) == ["key", "kind", "en", "pt", "required", "aliases"]


def test_run_prints_the_path_alone(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "phone-numbers")

    path = out / "Phone Numbers_Ab3dEf6hI9_2026-11-23.csv"
    assert result.stdout == f"{path}\n"
    assert result.stderr == SPANS + COVERAGE
    assert path.read_bytes() == NUMBERS.encode()
    assert list(out.iterdir()) == [path]


def test_run_gives_the_record_where_json_is_asked_for(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "subscription-details", "--json", "--region", "eua", "--region", "EU")

    path = out / "Subscription Details_Ab3dEf6hI9_2026-11-23.csv"
    assert path.read_bytes() == SUBSCRIPTIONS.encode()
    assert result.json == {
        "run_id": 6,
        "template": "subscription-details",
        "schedule": None,
        "due": None,
        "status": "done",
        "path": str(path),
        "rows": 2,
        "bytes": len(SUBSCRIPTIONS.encode()),
        "sha256": hashlib.sha256(SUBSCRIPTIONS.encode()).hexdigest(),
        "region": "US,EU",
        "since": None,
        "until": None,
        "data_as_of": "2026-11-22",
        "started": "2026-11-23T12:00:00Z",
        "finished": "2026-11-23T12:00:00Z",
        "error": None,
    }
    assert estate("runs", "show", "6", "--json").json == result.json


def test_stdout_is_the_report_alone_and_still_a_run(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "phone-numbers", "--stdout", "--json")

    assert result.stdout == NUMBERS
    assert result.stderr == SPANS + COVERAGE
    assert list(out.iterdir()) == []
    (run,) = estate("runs", "list", "--json").json
    assert (run["status"], run["path"], run["rows"]) == ("done", None, 4)
    assert run["sha256"] == hashlib.sha256(NUMBERS.encode()).hexdigest()


def test_portuguese_excel_files(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "phone-numbers", "--language", "pt", "--excel", "--region", "unknown")

    path = out / "Relatório de números de telefone_Ab3dEf6hI9_2026-11-23.csv"
    assert result.stdout == f"{path}\n"
    headers = (
        "ID externa;Cliente;ID da organização do cliente;ID de localização;Nome da localização;País;"
        "Número de telefone;Ramal;Conexão PSTN;Ativo;Tipo de usuário;Tipo de número;ID do usuário;"
        "UUID do usuário"
    )
    row = f";'=Charlie;{CHARLIE};l3;'=Lab;US;;-7;;;;;;"
    assert path.read_bytes() == f"\ufeff{headers}\r\n{row}\r\n".encode()


def test_the_language_is_a_setting(estate: Cli, out: Path) -> None:
    estate("config", "set", "language", "pt")

    assert "Relatório de dispositivos_" in estate("reports", "run", "devices").stdout


def test_regions_and_queries_pick_customers(estate: Cli) -> None:
    def rows(*words: str) -> list[str]:
        lines = estate("reports", "run", "phone-numbers", "--stdout", *words).lines[1:]
        return [line.split(",0000")[0] for line in lines]

    assert rows("--region", "EU") == [',"Bravo, ""Ltda"""']
    assert rows("--region", "EU", "--region", "unknown") == [",=Charlie", ',"Bravo, ""Ltda"""']
    assert rows("--where", "acao") == [",Ação Telecom"] * 2
    assert rows("--where", "kind:trial") == [',"Bravo, ""Ltda"""']
    assert rows("--where", "acao", "--region", "EU") == []


def test_a_note_counts_what_is_left_out_as_unknown(estate: Cli) -> None:
    result = estate("reports", "run", "phone-numbers", "--stdout", "--where", "region:EU")

    assert (
        result.stderr
        == SPANS
        + "rows by region: EU 1, unknown 0\n"
        + "1 left out because region is unknown; import --region or customers set --region tells it\n"
    )


def test_a_bad_query_is_refused_before_anything_is_written(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "devices", "--where", "regio:EU", expect=2)

    assert result.stdout == ""
    assert "regio:EU\n  ^^^^^" in result.stderr
    assert list(out.iterdir()) == []
    assert estate("runs", "list", "--json").json == []


def test_as_of_is_for_the_report_that_has_history(estate: Cli) -> None:
    earlier = estate("reports", "run", "subscription-details", "--as-of", "2026-11-01", "--stdout")

    assert len(earlier.lines) == 1
    assert earlier.stderr == "nothing was known on 2026-11-01\n"
    refused = estate("reports", "run", "devices", "--as-of", "yesterday", expect=2)
    assert refused.stderr == (
        "error: --as-of: devices is an inventory as it is now and has no history\n"
        "hint: leave it out: Devices is an inventory as it is now\n"
    )


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("devices", "is an inventory as it is now"),
        ("phone-numbers", "is an inventory as it is now"),
        ("webex-app-version", "always covers the last 90 days"),
        ("subscription-details", "is a snapshot of one day"),
    ],
)
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_no_default_template_here_has_a_date_range(cli: Cli, template: str, why: str, option: str) -> None:
    result = cli("reports", "run", template, option, "-7d", expect=2)

    assert result.stderr.startswith(f"error: {option}: {template} {why} and has no date range\n")


def test_an_unknown_template_names_the_nearest(cli: Cli) -> None:
    result = cli("reports", "run", "phonenumber", expect=5)

    assert result.stderr == (
        "error: no report template is called 'phonenumber'\nhint: Did you mean phone-numbers?\n"
    )


def test_file_fills_its_placeholders(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "devices", "--file", "{title}-{region}-{date}.csv", "--region", "US")

    assert result.stdout == f"{out}/Devices-US-2026-11-23.csv\n"


def test_a_file_that_exists_is_kept(estate: Cli, out: Path) -> None:
    (out / "mine.csv").write_text("mine")

    result = estate("reports", "run", "devices", "--file", "mine.csv", expect=6)

    assert result.stdout == ""
    assert result.stderr == (
        f"error: {out}/mine.csv exists already\n"
        "hint: Give another name, or --overwrite where the command has it.\n"
    )
    assert (out / "mine.csv").read_text() == "mine"


def test_overwrite_replaces_it(estate: Cli, out: Path) -> None:
    (out / "mine.csv").write_text("mine")

    estate("reports", "run", "devices", "--file", "mine.csv", "--overwrite")

    assert (out / "mine.csv").read_text().startswith("External ID,")


def test_a_name_that_is_taken_is_not_used(estate: Cli, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = iter(["taken00000", "free000000"])
    monkeypatch.setattr("partnerctl.reports.filenames.file_token", lambda seed=None: next(tokens))
    (out / "Devices_taken00000_2026-11-23.csv").write_text("mine")

    assert estate("reports", "run", "devices").stdout == f"{out}/Devices_free000000_2026-11-23.csv\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--dir", "."], "--stdout and --dir exclude each other"),
        (["--file", "a"], "--stdout and --file exclude each other"),
        (["--overwrite"], "--overwrite is for --file alone"),
    ],
)
def test_places_exclude_each_other(cli: Cli, out: Path, words: list[str], reason: str) -> None:
    assert reason in cli("reports", "run", "devices", "--stdout", *words, expect=2).stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--dir", "missing"], "there is no folder"),
        (["--file", "missing/a.csv"], "there is no folder"),
        (["--file", "{nothing}.csv"], "--file: {nothing} is none of {date}, {region}, {title}"),
        (["--file", "."], "is a folder"),
        (["--file", "-"], "--file: '-' is no file"),
        (["--format", "pdf"], "'pdf' is not"),
        (["--language", "fr"], "'fr' is not one of"),
    ],
)
def test_a_place_that_cannot_be_is_wrong_usage(cli: Cli, out: Path, words: list[str], reason: str) -> None:
    result = cli("reports", "run", "devices", *words, expect=2)

    assert result.stdout == ""
    assert reason in result.stderr
    assert list(out.iterdir()) == []


def test_the_day_in_the_name_is_that_of_the_time_zone(
    estate: Cli, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "Pacific/Kiritimati")

    assert estate("reports", "run", "devices").stdout.endswith("_2026-11-24.csv\n")


def test_skip_empty_writes_no_file(estate: Cli, out: Path) -> None:
    result = estate("reports", "run", "devices", "--skip-empty", "--region", "EU")

    assert result.stdout == ""
    assert result.stderr.startswith("there are no rows: no file was written\n")
    assert list(out.iterdir()) == []
    (run,) = estate("runs", "list", "--json").json
    assert (run["status"], run["path"], run["rows"]) == ("skipped_empty", None, 0)


def test_skip_empty_writes_what_has_rows(estate: Cli) -> None:
    assert estate("reports", "run", "phone-numbers", "--skip-empty", "--stdout").stdout == NUMBERS


def test_an_empty_report_is_its_headers(cli: Cli, out: Path) -> None:
    result = cli("reports", "run", "webex-app-version", "--stdout")

    assert result.stdout == (
        "Customer name,Organization ID,App type,Platform,Version,OS version,Number of users\n"
    )
    assert result.stderr == (
        "nothing is known for this report yet: import a file with `partnerctl import FILE`\n"
    )


def test_old_data_is_refused_and_the_refusal_recorded(estate: Cli, out: Path) -> None:
    estate("reports", "run", "devices", "--max-age", "1d")
    (out / "Devices_Ab3dEf6hI9_2026-11-23.csv").unlink()

    result = estate("reports", "run", "devices", "--max-age", "0d", expect=11)

    assert result.stdout == ""
    assert list(out.iterdir()) == []
    newest = estate("runs", "list", "--json").json[0]
    assert (newest["status"], newest["path"]) == ("stale", None)
    assert newest["error"] == "the newest data is of 2026-11-22, more than 0 days before 2026-11-23"


def test_the_same_data_gives_the_same_bytes(
    estate: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows_turned(text: str) -> str:
        header, *rows = text.splitlines(keepends=True)
        return "".join([header, *reversed(rows)])

    first = estate("reports", "run", "phone-numbers", "--stdout").stdout
    monkeypatch.setenv("PARTNERCTL_HOME", str(tmp_path / "other"))
    import_estate(estate, tmp_path / "turned", **{name: rows_turned(text) for name, text in FILES.items()})

    assert estate("reports", "run", "phone-numbers", "--stdout").stdout == first


def test_every_run_of_a_template_has_ten_characters_of_its_own(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = {Path(cli("reports", "run", "devices").lines[0]).stem.split("_")[1] for _ in range(5)}

    assert len(names) == 5
    assert all(len(name) == 10 and name.isalnum() and name.isascii() for name in names)


def test_names_of_templates_complete(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PARTNERCTL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "partnerctl reports run ph")
    monkeypatch.setenv("COMP_CWORD", "3")

    assert cli().stdout == "plain,phone-numbers\n"
