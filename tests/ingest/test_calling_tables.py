"""Calling files are told from all others, by their headers or by what the user says."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from partnerctl.domain.calling.kinds import CALLS, KINDS
from partnerctl.domain.folding import fold_header
from partnerctl.errors import InvalidData, UsageError
from partnerctl.ingest.calling_tables import CALLING_FILES, calling_layouts, open_calling
from partnerctl.ingest.typed import ReadOptions
from partnerctl.tabular.headers import MissingColumn
from partnerctl.tabular.recognition import Unrecognised
from tests.ingest.calling_files import ALL_LAYOUTS, RECORD, csv_of, opened, source_of

HISTORY = ",".join(field.header for field in CALLS.fields) + "\n"
QUEUES = (
    "Call Queue,Location,Phone NO.,Total Wait Time,Avg Wait Time,Answered Calls,% Answered Calls,"
    "Abandoned Calls,Total Calls\n"
)


def refused(folder: Path, data: str | bytes, name: str = "file.csv", **said: object) -> InvalidData:
    with pytest.raises(InvalidData) as caught:
        opened(folder, data, name, ReadOptions(**said))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HISTORY, "calls"),
        (csv_of(RECORD), "calls"),
        (
            "User Name,Start Time,Location,Call Quality,Duration(s),Audio Packet Loss (%),Call Type\n",
            "calling-media",
        ),
        ("Start time,Jitter\n", "calling-media"),
        (QUEUES, "calling-queue-stats"),
        ("Nome do cliente;ID da organização;Local;Total de chamadas;Minutos de chamada\n", "calling-usage"),
        ("customer,org_id,location,total_calls\n", "calling-usage"),
    ],
)
def test_a_calling_file_is_recognised_by_its_headers(tmp_path: Path, text: str, name: str) -> None:
    table = opened(tmp_path, text)
    assert (table.layout.name, table.kind) == (name, CALLING_FILES[name])


@pytest.mark.parametrize(
    "text",
    [
        "org_id,name,region\n",
        "External ID,Customer,Customer organization ID,Location ID,Location name,Product,MAC\n",
        "Customer name,Customer organization ID,Subscription ID,Total users\n",
        "email,org_id,name,user_uuid\n",
        "subscription_id,org_id,kind,status\n",
    ],
)
def test_every_other_file_is_left_to_its_own_reader(tmp_path: Path, text: str) -> None:
    assert open_calling(source_of(tmp_path / "file.csv", text), ALL_LAYOUTS) is None


def test_a_word_for_another_kind_of_file_leaves_the_file_unread(tmp_path: Path) -> None:
    source = source_of(tmp_path / "calls.csv", "not a header at all")
    assert open_calling(source, ALL_LAYOUTS, ReadOptions(entity="customers")) is None


def test_columns_are_named_in_the_order_of_the_file_whatever_their_case(tmp_path: Path) -> None:
    text = csv_of(
        {"Colour": "red", **{key.upper(): value for key, value in RECORD.items()}, "Shape": "round"}
    )
    table = opened(tmp_path, text)
    assert table.columns == (
        *(None, "start_time", "org_id", "report_id", "report_time", "correlation_id", "direction"),
        *("call_type", "user_type", "duration", "answered", None),
    )
    assert table.notes == ("file.csv: skipped 2 columns not known here: Colour, Shape",)
    assert table.skips


def test_the_reasons_of_a_rejected_file_are_no_unknown_columns(tmp_path: Path) -> None:
    table = opened(tmp_path, csv_of({**RECORD, "rejected_line": "1", "rejected_reason": "x"}))
    assert (table.notes, table.skips) == ((), False)


def test_a_near_miss_names_the_column_and_the_map_to_give(tmp_path: Path) -> None:
    renamed = {("Report identity" if key == "Report ID" else key): value for key, value in RECORD.items()}
    error = refused(tmp_path, csv_of(renamed))
    assert isinstance(error, MissingColumn)
    assert error.reason == (
        "file.csv, line 1: calls needs the column report_id / Report ID, and no header names it;"
        " the nearest one is 'Report identity'"
    )
    assert error.hint == "Say --map 'Report identity=report_id'."
    table = opened(
        tmp_path, csv_of(renamed), options=ReadOptions(header_map=(("Report identity", "report_id"),))
    )
    assert table.columns[2] == "report_id"


def test_aliases_of_the_configuration_name_columns_too(tmp_path: Path) -> None:
    options = ReadOptions(aliases=(("Inicio", "start_time"),))
    assert opened(tmp_path, "Inicio,Jitter,Latency\n", options=options).columns[0] == "start_time"


def test_media_quality_is_recognised_only_where_something_is_measured(tmp_path: Path) -> None:
    text = "Start time,Location,User name\n"
    assert isinstance(refused(tmp_path, text), MissingColumn | Unrecognised)
    error = refused(tmp_path, text, entity="calling-media")
    assert error.reason.startswith(
        "file.csv, line 1: calling-media needs one of the columns call_quality, audio_"
    )
    assert error.hint == "Say which header it is with --map 'HEADER=KEY'; headers not recognised: none."


@pytest.mark.parametrize("entity", ["calling-queue-stats", "Calling_Queue Stats"])
def test_the_user_can_say_what_a_file_is(tmp_path: Path, entity: str) -> None:
    text = "Queue,Answered Calls,Abandoned Calls,Total Calls\n"
    assert opened(tmp_path, text, options=ReadOptions(entity=entity)).kind.name == "queue_stats"
    assert "calls needs the column start_time" in refused(tmp_path, text, entity="calls").reason


def test_usage_needs_the_organization_though_the_template_does_not_say_so(tmp_path: Path) -> None:
    error = refused(tmp_path, "Location,Total calls,Call minutes,Total unknown calls\n")
    assert "calling-usage needs the column org_id" in error.reason


def test_two_headers_of_one_meaning_are_refused(tmp_path: Path) -> None:
    assert (
        "two headers name the column 'location'"
        in refused(tmp_path, csv_of({**RECORD, "Location": "a", "LOCATION": "b"})).reason
    )


def test_a_file_that_nobody_knows_asks_for_its_entity(tmp_path: Path) -> None:
    error = refused(tmp_path, "colour,shape\nred,round\n")
    assert isinstance(error, Unrecognised)
    assert "calling-queue-stats|calling-usage|calls" in (error.hint or "")


@pytest.mark.parametrize(
    ("data", "plain", "marked"),
    [
        (csv_of(RECORD).encode(), True, False),
        (csv_of(RECORD).replace("\n", "\r\n").encode("utf-8-sig"), True, True),
        (csv_of(RECORD).encode("utf-16"), False, True),
        (csv_of({**RECORD, "Location": "São"}).encode("cp1252"), False, False),
        (csv_of(RECORD).replace(",", ";").encode(), False, False),
        (b"\n" + csv_of(RECORD).encode(), False, False),
        (b"sep=,\n" + csv_of(RECORD).encode(), False, False),
        (b'"odd\nname",' + csv_of(RECORD).replace("\n", "\nx,", 1).encode(), False, False),
        (gzip.compress(csv_of(RECORD).encode()), False, False),
    ],
)
def test_a_plain_file_is_one_that_any_reader_of_csv_reads_alike(
    tmp_path: Path, data: bytes, plain: bool, marked: bool
) -> None:
    table = opened(tmp_path, data)
    assert (table.plain, table.marked) == (plain, marked)
    assert len(list(table.rows())) == 1


def test_a_zip_is_read_as_the_file_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("calls.csv", csv_of(RECORD))
    table = opened(tmp_path, path.read_bytes(), "calls")
    assert (table.kind, table.plain) == (CALLS, False)


def test_windows_1252_is_read_with_a_note(tmp_path: Path) -> None:
    table = opened(tmp_path, csv_of({**RECORD, "Location": "São"}).encode("cp1252"))
    assert table.notes == ("file.csv: not valid UTF-8, so read as Windows-1252 (--encoding settles it)",)
    assert [row[-1] for _, row in table.rows()] == ["São"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file.csv: is empty"),
        (csv_of(RECORD).encode() + b"a\0b\n", "file.csv, line 3: holds a NUL byte"),
        (b'"Start time,Org UUID\n' + b"x,y\n" * 10, "a quote opens in this row and never closes"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refused(tmp_path, data).reason


def test_an_encoding_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    for name, data in (("file.csv", csv_of(RECORD)), ("file.json", '{"Report ID": "x"}')):
        with pytest.raises(UsageError, match="there is no encoding 'klingon'"):
            opened(tmp_path, data, name, ReadOptions(encoding="klingon"))


def test_layouts_have_the_columns_of_their_kind_and_no_text_means_two_of_them() -> None:
    assert [layout.name for layout in calling_layouts()] == ["calls", "calling-media", "calling-queue-stats"]
    assert set(CALLING_FILES.values()) == set(KINDS)
    for layout in calling_layouts():
        kind = CALLING_FILES[layout.name]
        made = {field.key for field in kind.fields if field.made}
        assert [column.key for column in layout.columns] == [key for key in kind.keys if key not in made]
        meanings = {(fold_header(text), column.key) for column in layout.columns for text in column.spellings}
        assert len(meanings) == len({text for text, _ in meanings})


def test_percentages_are_not_taken_for_what_they_are_of(tmp_path: Path) -> None:
    table = opened(tmp_path, QUEUES)
    assert table.columns == (
        *("queue", "location", None, "total_wait_seconds", "avg_wait_seconds", "answered_calls", None),
        *("abandoned_calls", "total_calls"),
    )
    assert table.notes == ("file.csv: skipped 2 columns not known here: Phone NO., % Answered Calls",)
