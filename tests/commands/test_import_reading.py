"""``import``: what a report's file may look like (``reports.md``, Reading; ``files.md``, options)."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.commands.importing import (
    ACME,
    BETA,
    CUSTOMERS,
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

PORTUGUESE = (
    "Data de cálculo;Nome do cliente;ID da organização do cliente;Status de inscrição;ID de inscrição;"
    "Tipo de inscrição;Total de usuários na organização;Renovação automática ativada;"
    "Validade / data de renovação;Licença para reuniões (disponível);Licença para reuniões (atribuída);"
    "Licença para reuniões (usada)\r\n"
    f"22/11/2026;Padaria São João;{ACME};Ativa;S1;Assinatura;2.500;Sim;05/03/2027;1.000;999;7\r\n"
    f"22/11/2026;Padaria São João;{ACME};Suspensa;S2;Avaliação;2.500;Não;06/03/2027;;;\r\n"
)


def test_a_portuguese_report_with_semicolons(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", write(tmp_path / "relatorio.csv", PORTUGUESE))

    assert ask(home, "SELECT name, total_users FROM customers") == [("Padaria São João", 2500)]
    assert ask(
        home, "SELECT subscription_id, kind, status, end_date, auto_renew, last_seen FROM subscriptions"
    ) == [
        ("S1", "subscription", "active", "2027-03-05", 1, "2026-11-22"),
        ("S2", "trial", "suspended", "2027-03-06", 0, "2026-11-22"),
    ]
    assert ask(home, "SELECT product, total, assigned, used_ever FROM licenses WHERE NOT ended") == [
        ("meetings", 1000, 999, 7)
    ]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(cli: Cli, tmp_path: Path, home: Path, codec: str) -> None:
    file = tmp_path / "relatorio.csv"
    file.write_bytes(PORTUGUESE.encode(codec))
    result = cli("import", file)

    assert column(home, "SELECT name FROM customers") == ["Padaria São João"]
    assert notes(result.stderr, "read as Windows-1252 (--encoding settles it)") == (codec == "cp1252")


def test_the_encoding_can_be_said(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes(f"org_id,name\n{ACME},Łódź\n".encode("cp1250"))
    result = cli("import", file, "--encoding", "windows-1250")

    assert column(home, "SELECT name FROM customers") == ["Łódź"]
    assert "Windows-1252" not in result.stderr
    assert "no encoding 'x-y'" in cli("import", file, "--encoding", "x-y", expect=2).stderr


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(cli: Cli, tmp_path: Path, delimiter: str) -> None:
    file = write(tmp_path / "customers.csv", CUSTOMERS.replace(",", delimiter).replace("\n", "\r\n"))

    assert counts(cli, file) == [(2, 2, 0, 0, 0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'org_id,name\n{ACME},"Acme\n', "line 2: a quote opens in this row and never closes"),
        (f"org_id,name\n{ACME}\n{BETA},Beta\n", "line 2: the row has 1 cell, the header 2"),
        (f"org_id,name\n{ACME},Acme,x\n", "line 2: the row has 3 cells, the header 2"),
        (f"org_id,name\n{ACME},Ac\0me\n", "line 2: holds a NUL byte"),
        (
            f"org_id,name\n{BETA},Beta\n{ACME}",
            "line 3: the row has 1 cell, the header 2, and the file ends there",
        ),
        ("", "is empty: there is no header"),
        (f"org_id,name,planned_users\n{ACME},Acme,-1\n", "line 2: planned_users: '-1' is negative"),
        (f"org_id,name,planned_users\n{ACME},Acme,many\n", "line 2: planned_users: 'many' is no number"),
        (f"org_id,name,created_date\n{ACME},Acme,soon\n", "line 2: created_date: 'soon' is no date"),
        (f"org_id,name,region\n{ACME},Acme,Mars\n", "line 2: region: 'Mars' is no region"),
        (f"org_id,name\n{ACME},\n", "line 2: name: is empty, and every row needs it"),
    ],
)
def test_what_cannot_be_read_exits_12_with_its_place(cli: Cli, tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path / "customers.csv", text)

    assert words in cli("import", file, expect=12).stderr


def test_a_missing_header_names_the_nearest_and_the_map_to_give(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,Full name,region\n{ACME},Acme,EU\n")
    error = cli("import", file, expect=12).stderr

    assert "customers needs the column name, and no header names it" in error
    assert "Say --map 'Full name=name'." in error
    cli("import", file, "--map", "Full name=name")
    assert column(home, "SELECT name FROM customers") == ["Acme"]


def test_a_map_needs_both_halves(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", CUSTOMERS)

    assert "'name' is not HEADER=key" in cli("import", file, "--map", "name", expect=2).stderr


def test_a_header_may_be_named_in_the_configuration(cli: Cli, tmp_path: Path, home: Path) -> None:
    write(home / "config" / "config.toml", '[profiles.default.import.aliases]\n"Conta" = "name"\n')

    assert counts(cli, write(tmp_path / "customers.csv", f"org_id,Conta\n{ACME},Acme\n")) == [(1, 1, 0, 0, 0)]


def test_unknown_columns_are_skipped_with_one_note(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name,mood,shoe size\n{ACME},Acme,good,9\n")

    assert notes(cli("import", file).stderr, "skipped 2 columns not known here: mood, shoe size")


def test_the_entity_can_be_said(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "x.csv", f"email,org_id\nana@acme.example,{ACME}\n")

    assert "could be assignments or users" in cli("import", file, expect=12).stderr
    assert cli("import", file, "--entity", "users", "--json").json[0]["entity"] == "users"
    assert "no kind of file is called 'usrs'" in cli("import", file, "--entity", "usrs", expect=2).stderr


def test_the_name_of_the_file_decides_where_headers_do_not(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "assignments_2026.csv", f"email,org_id\nana@acme.example,{ACME}\n")

    assert cli("import", file, "--json").json[0]["entity"] == "assignments"


def test_the_order_of_dates_is_settled_for_the_whole_file(cli: Cli, tmp_path: Path, home: Path) -> None:
    text = f"org_id,name,created_date\n{ACME},Acme,03/04/2026\n{BETA},Beta,%s\n"
    created = f"SELECT created_date FROM customers WHERE org_id = '{ACME}'"
    for last, options, day in (
        ("25/04/2026", (), "2026-04-03"),
        ("04/25/2026", (), "2026-03-04"),
        ("05/04/2026", ("--date-order", "dmy"), "2026-04-03"),
        ("05/04/2026", ("--date-order", "mdy"), "2026-03-04"),
    ):
        cli("import", write(tmp_path / "customers.csv", text % last), *options)
        assert column(home, created) == [day]
    contradiction = write(tmp_path / "customers.csv", f"{text % '25/04/2026'}{BETA},Beta,04/25/2026\n")
    assert "--date-order" in cli("import", contradiction, expect=12).stderr


def test_a_trial_is_told_by_its_type_or_by_its_status(cli: Cli, tmp_path: Path, home: Path) -> None:
    cells = [("S1", "Active", "Free Trial"), ("S2", "Trial", "Webex Suite"), ("S3", "Active", "Webex Suite")]
    cells += [("S4", "Teste", ""), ("S5", "", "Prueba gratis")]
    rows = [f"{seen('2026-11-22', s, status=status)},{kind}" for s, status, kind in cells]
    cli("import", details(tmp_path / "d.csv", *rows, more=",Subscription type"))

    assert ask(home, "SELECT subscription_id, kind, status FROM subscriptions ORDER BY 1") == [
        ("S1", "trial", "active"),
        ("S2", "trial", "active"),
        ("S3", "subscription", "active"),
        ("S4", "trial", "active"),
        ("S5", "trial", None),
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("ATIVO", "active"),
        ("Suspensa", "suspended"),
        ("Expirado", "expired"),
        ("Canceled", "cancelled"),
        ("Pending setup", "pending_setup"),
        ("Initialized", "pending_setup"),
        ("", None),
    ],
)
def test_a_status_is_folded(cli: Cli, tmp_path: Path, home: Path, text: str, status: str | None) -> None:
    cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "S1", status=text)))

    assert column(home, "SELECT status FROM subscriptions") == [status]


def test_a_status_in_other_words_is_kept_with_a_warning(cli: Cli, tmp_path: Path, home: Path) -> None:
    result = cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "S1", status="In Limbo")))

    assert column(home, "SELECT status FROM subscriptions") == ["In Limbo"]
    assert notes(result.stderr, "line 2", "'In Limbo' is no known status; kept")


@pytest.mark.parametrize(
    ("words", "total"), [((), 9), (("--available", "total"), 9), (("--available", "free"), 17)]
)
def test_available_is_the_number_bought_or_left(
    cli: Cli, tmp_path: Path, home: Path, words: tuple[str, ...], total: int
) -> None:
    cli(
        "import",
        details(tmp_path / "d.csv", seen("2026-11-22", "S1") + ",9,8,7", more=f",{MEETINGS}"),
        *words,
    )

    assert ask(home, "SELECT total, assigned, used_ever FROM licenses WHERE NOT ended") == [(total, 8, 7)]


def test_free_licenses_without_the_assigned_are_an_unknown_total(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    file = details(tmp_path / "d.csv", seen("2026-11-22", "S1") + ",9,,", more=f",{MEETINGS}")
    cli("import", file, "--available", "free")

    assert ask(home, "SELECT total, assigned FROM licenses WHERE NOT ended") == [(None, None)]


def test_the_region_is_what_the_user_says_else_unknown(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = details(tmp_path / "d.csv", seen("2026-11-22", "S1"))
    cli("import", file)
    assert column(home, "SELECT region FROM customers") == [None]
    cli("import", file, "--region", "eu")
    assert column(home, "SELECT region FROM customers") == ["EU"]


@pytest.mark.parametrize(
    ("text", "region"), [("EUA", "US"), ("União Europeia", "EU"), ("EAU", "AE"), ("Canada", "CA")]
)
def test_the_region_of_the_file_comes_first(
    cli: Cli, tmp_path: Path, home: Path, text: str, region: str
) -> None:
    cli(
        "import",
        write(tmp_path / "customers.csv", f"org_id,name,region\n{ACME},Acme,{text}\n"),
        "--region",
        "CA",
    )

    assert column(home, "SELECT region FROM customers") == [region]


@pytest.mark.parametrize("text", ["Yes", "Sim", "Y", "1", "Active", "Ativo", "true"])
def test_booleans(cli: Cli, tmp_path: Path, home: Path, text: str) -> None:
    base(cli, tmp_path)
    header = "org_id,phone_number,active,number_type"
    cli("import", write(tmp_path / "phone-numbers.csv", f"{header}\n{ACME},+1,{text},x\n"))

    assert column(home, "SELECT active FROM phone_numbers") == [1]


def test_a_start_is_never_guessed(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", details(tmp_path / "d.csv", seen("2026-11-22", "S1")))

    assert column(home, "SELECT start_date FROM subscriptions") == [None]


def test_standard_input(cli: Cli, home: Path) -> None:
    result = cli("import", "-", "--entity", "customers", "--as-of", "2026-11-01", "--json", input=CUSTOMERS)

    assert [result.json[0][k] for k in ("file", "day", "inserted")] == ["standard input", "2026-11-01", 2]


def test_json_lines(cli: Cli, tmp_path: Path, home: Path) -> None:
    text = f'{{"org_id": "{ACME}", "name": "Acme", "planned_users": 5}}\n'
    cli("import", write(tmp_path / "customers.jsonl", text))

    assert ask(home, "SELECT name, planned_users FROM customers") == [("Acme", 5)]


# Zips --------------------------------------------------------------------------------------------------


def zipped(entries: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["report.zip", "report"])
def test_a_zip_with_or_without_its_suffix(cli: Cli, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(zipped({"customers_2026-11-20.csv": CUSTOMERS}))
    record = cli("import", file, "--json").json[0]

    assert (record["entity"], record["day"], record["inserted"]) == ("customers", "2026-11-20", 2)


def encrypted() -> bytes:
    data = bytearray(zipped({"customers.csv": CUSTOMERS}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({"a.zip": zipped({"customers.csv": CUSTOMERS})}), "holds another zip"),
        (zipped({"../customers.csv": CUSTOMERS}), "path leads outside"),
        (zipped({"/customers.csv": CUSTOMERS}), "path leads outside"),
        (zipped({"a.csv": CUSTOMERS, "b.csv": CUSTOMERS}), "holds 2 data files"),
        (zipped({"photo.jpg": b"", "b.jpg": b""}), "holds no CSV"),
        (zipped({"customers.csv": CUSTOMERS})[:60], "damaged zip"),
        (encrypted(), "is encrypted"),
        (zipped({"customers.csv": f"org_id,name\n{ACME},{'a' * 64}\n" + "\n" * (80 << 20)}), "zip bomb"),
    ],
    ids=["nested", "path", "absolute", "two", "none", "cut", "encrypted", "bomb"],
)
def test_zips_that_are_refused_in_words(cli: Cli, tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "customers.zip"
    file.write_bytes(data)

    assert words in cli("import", file, expect=12).stderr


def test_a_zip_whose_sizes_lie_is_refused(cli: Cli, tmp_path: Path) -> None:
    data = bytearray(zipped({"customers.csv": CUSTOMERS}))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 16, zlib.crc32(b"other"))
    file = tmp_path / "customers.zip"
    file.write_bytes(data)

    assert "damaged zip" in cli("import", file, expect=12).stderr


# Folders -----------------------------------------------------------------------------------------------


def records(cli: Cli, folder: Path, **more: Any) -> list[str]:
    return [Path(r["file"]).name for r in cli("import", folder, "--json", **more).json]


def test_a_folder_is_read_for_what_is_ours(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    write(folder / "customers.csv", CUSTOMERS)
    write(folder / "shopping.csv", "what,how many\nmilk,2\n")
    write(folder / "contacts.csv", "Name,Email,Phone\nAna,ana@acme.example,+1\n")
    write(folder / "places.csv", "Name,Country\nLyon,FR\n")
    write(folder / "letter.pdf", "%PDF-")
    (folder / "code.zip").write_bytes(zipped({"lib.zip": b"PK", "a.csv": "a"}))
    (folder / "report.zip").write_bytes(zipped({"admins.csv": "email,role\nana@acme.example,full_admin\n"}))
    result = cli("import", folder, "--json")

    assert [Path(r["file"]).name for r in result.json] == ["customers.csv", "report.zip"]
    for name in ("shopping.csv", "contacts.csv", "places.csv"):
        assert f"{folder / name}: skipped, not a file that is known here\n" in result.stderr
    assert notes(result.stderr, "skipped letter.pdf")
    assert notes(result.stderr, "skipped code.zip (holds another zip)")


def test_a_file_of_ours_that_is_broken_fails_in_a_folder_too(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    write(folder / "customers.csv", CUSTOMERS)
    write(folder / "Devices.csv", f"Customer,Box,Customer organization ID,Product\nAcme,00,{ACME}\n")
    result = cli("import", folder, "--json", expect=3)

    assert "warning: " in result.stderr
    assert notes(result.stderr, "Devices.csv")


def test_rejected_rows_in_a_folder_wait_until_they_are_named(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    write(folder / "customers.csv", CUSTOMERS)
    write(folder / "customers.rejected.csv", CUSTOMERS)

    assert records(cli, folder) == ["customers.csv"]


def test_a_folder_of_nothing_of_ours_is_wrong_usage(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "Downloads" / "shopping.csv", "what,how many\nmilk,2\n")

    assert "there is nothing to import" in cli("import", tmp_path / "Downloads", expect=2).stderr


def test_what_many_files_say_alike_is_said_once(cli: Cli, tmp_path: Path) -> None:
    for day in range(10, 15):
        write(tmp_path / "in" / f"customers_2026-11-{day}.csv", f"org_id,name,country\n{ACME},Acme,Utopia\n")
    result = cli("import", tmp_path / "in")
    last = tmp_path / "in" / "customers_2026-11-14.csv"

    assert result.stderr == (
        f"{last}, line 2: country: 'Utopia' is no country code of ISO 3166-1; kept as it stands"
        " (likewise in 4 other files)\n"
        f"{last}: day 2026-11-14, from the file's name (likewise in 4 other files)\n"
    )


def test_a_report_without_a_type_column_lists_subscriptions(cli: Cli, tmp_path: Path) -> None:
    cli("import", details(tmp_path / "details.csv", seen("2026-11-20", "S1")))

    [acme] = cli("customers", "list", "--json").json
    assert (acme["statuses"], acme["subscriptions"], acme["trials"]) == (["subscription"], 1, 0)
    [one] = cli("subscriptions", "list", "--where", "kind:subscription", "--json").json
    assert one["kind"] == "subscription"


def test_in_a_folder_a_file_that_lacks_a_column_is_ours_where_its_name_or_an_id_says_so(
    cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "Downloads"
    write(folder / "customers.csv", CUSTOMERS)
    write(folder / "users of the gym.csv", "email,name\nana@acme.example,Ana\n")
    write(folder / "gym.csv", "email,name\nana@acme.example,Ana\n")
    result = cli("import", folder, "--json", expect=3)

    assert [Path(r["file"]).name for r in result.json] == ["customers.csv"]
    assert notes(result.stderr, "users of the gym.csv", "org_id")
    assert f"{folder / 'gym.csv'}: skipped, not a file that is known here\n" in result.stderr
