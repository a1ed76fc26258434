"""Whole calling files in, canonical CSV out."""

from __future__ import annotations

import csv
import errno
import io
from dataclasses import replace
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import NoReturn

import pytest

from partnerctl.domain.calling.kinds import CALLS, KINDS, MEDIA
from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.ingest.calling_rows import Given, Normalised, canonical_keys, check_given, normalise
from partnerctl.ingest.typed import ReadOptions
from tests.ingest.calling_files import (
    ACME,
    EMEA,
    GIVEN,
    OF_ACME,
    RECORD,
    TODAY,
    WEEK,
    csv_of,
    normalised,
    opened,
)


def written(folder: Path, data: str | bytes, given: Given = GIVEN, name: str = "file.csv") -> str:
    """Return the canonical CSV of a file."""
    out = folder / "out.csv"
    normalise(opened(folder, data, name), out, given)
    return out.read_bytes().decode()


def refused(folder: Path, data: str | bytes, given: Given = GIVEN, name: str = "file.csv") -> InvalidData:
    with pytest.raises(InvalidData) as caught:
        written(folder, data, given, name)
    return caught.value


def id_of(*parts: str) -> str:
    return md5("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


HEADER = (
    "start_time,answer_time,duration,calling_number,called_number,user,calling_line_id,called_line_id,"
    "correlation_id,location,inbound_trunk,outbound_trunk,route_group,direction,call_type,client_type,"
    "client_version,sub_client_type,os_type,device_mac,model,answered,international_country,original_reason,"
    "related_reason,redirect_reason,site_main_number,site_timezone,user_type,call_id,local_sessionid,"
    "remote_sessionid,user_uuid,org_id,report_id,department_id,site_uuid,releasing_party,redirecting_number,"
    "transfer_related_call_id,dialed_digits,authorization_code,call_transfer_time,user_number,local_call_id,"
    "remote_call_id,network_call_id,related_call_id,call_outcome,call_outcome_reason,final_local_sessionid,"
    "final_remote_sessionid,answer_indicator,ring_duration,release_time,report_time,pstn_legal_entity,"
    "pstn_vendor_org_id,pstn_vendor_name,pstn_provider_id,caller_id_number,external_caller_id_number,"
    "device_owner_uuid,call_recording_platform_name,call_recording_result,call_recording_trigger,"
    "redirecting_party_uuid,public_calling_ip_address,public_called_ip_address,original_called_party_uuid,"
    "recall_type,hold_duration,auto_attendant_key_pressed,queue_type,answered_elsewhere,"
    "route_list_calls_overage,caller_reputation_score,caller_reputation_service_result,"
    "caller_reputation_score_reason,interaction_id,wxcc_consult_merge_status,elin,emergency_number_source,"
    "transfer_type,transfer_type_context,external_customer_id\n"
)


def test_call_records_in_any_order_become_the_canonical_ones(tmp_path: Path) -> None:
    text = (
        "REPORT ID,org uuid,Start time,Answer time,Report time,Correlation ID,Direction,Call type,User type,"
        "Duration,Answered,User,Model,Colour\r\n"
        f"R-1,{ACME.upper()},2026-11-16T08:00:00.000Z,2026-11-16 08:00:05,2026-11-16T10:02:00+02:00,c1,"
        'ORIGINATING,SIP_NATIONAL,User,60,true,"Doe, ""Jo""",NA,red\r\n'
        f"R-2,{ACME},2026-11-17T08:00:00.1234567Z,na,2026-11-17T08:00:09Z,,,,,,No, Ação ,8851-3PCC,\r\n"
    )
    first = (
        '2026-11-16 08:00:00.000000,2026-11-16 08:00:05.000000,60,,,"Doe, ""Jo""",,,c1,,,,,ORIGINATING,'
        "SIP_NATIONAL,,,,,,,true,,,,,,,User,,,,," + f"{ACME},r-1" + "," * 21 + "2026-11-16 08:02:00.000000"
    )
    second = (
        "2026-11-17 08:00:00.123456,,,,, Ação " + "," * 15 + "8851-3PCC,false" + "," * 12 + f"{ACME},r-2"
        "" + "," * 21 + "2026-11-17 08:00:09.000000"
    )
    assert written(tmp_path, text) == f"{HEADER}{first}{',' * 30}\n{second}{',' * 30}\n"
    table = opened(tmp_path, text)
    assert normalise(table, tmp_path / "out.csv", GIVEN) == Normalised(
        2, date(2026, 11, 16), date(2026, 11, 17), ()
    )
    assert table.notes == ("file.csv: skipped 1 column not known here: Colour",)


def test_media_quality_becomes_measured_legs(tmp_path: Path) -> None:
    text = (
        "User Name,Start Time,Location,Call Quality,Duration(s),Audio Packet Loss (%),Audio latency,Codec\n"
        "Jo,2026-11-16 08:00:00,Lisbon,Good,01:30,0.50%,12,opus\n"
        "Jo,2026-11-16 08:00:00,Lisbon,Good,01:30,0.5,12.0,G.711\n"
        "Al,2026-11-16T09:00:00Z,NA,,,,,\n"
    )
    cells = (ACME, "2026-11-16 08:00:00.000000", "Lisbon", "Jo", "", "", "Good", "90", "", "12", "0.5")
    line = ",".join((*cells, "", "", "", ""))
    quiet = f"{ACME},2026-11-16 09:00:00.000000,,Al" + "," * 11
    ids = [
        id_of(*cells, "", "", "", "", "1"),
        id_of(*cells, "", "", "", "", "2"),
        id_of(*quiet.split(","), "1"),
    ]
    assert written(tmp_path, text, OF_ACME) == (
        "record_id,org_id,start_time,location,user_name,client_type,model,call_quality,duration,audio_jitter,"
        "audio_latency,audio_packet_loss,video_jitter,video_latency,video_packet_loss,video_duration\n"
        f"{ids[0]},{line}\n{ids[1]},{line}\n{ids[2]},{quiet}\n"
    )


def test_queue_statistics_become_rows_over_the_period_given(tmp_path: Path) -> None:
    text = (
        "Call Queue,Location,Phone NO.,Total Wait Time,Avg Wait Time,Answered Calls,% Answered Calls,"
        "Abandoned Calls,Total Calls\n"
        "Support,Lisbon,100,00:10:00,00:00:30,20,80,5,25\n"
        "SUPPORT,Porto,101,12.0,NA,,0,0,0\n"
    )
    period = "2026-11-15,2026-11-21"
    ids = [id_of(ACME, "support", place, *period.split(",")) for place in ("lisbon", "porto")]
    assert written(tmp_path, text, WEEK) == (
        "record_id,org_id,since,until,queue,location,total_wait_seconds,avg_wait_seconds,answered_calls,"
        "abandoned_calls,avg_abandoned_seconds,total_abandoned_seconds,total_calls,calls_overflowed,"
        "calls_timed_out,calls_transferred\n"
        f"{ids[0]},{ACME},{period},Support,Lisbon,600,30,20,5,,,25,,,\n"
        f"{ids[1]},{ACME},{period},SUPPORT,Porto,12,,,0,,,0,,,\n"
    )


def test_a_portuguese_usage_report_becomes_figures(tmp_path: Path) -> None:
    text = (
        "Nome do cliente;ID da organização;Local;Total de chamadas;Minutos de chamada\r\n"
        f"Acme;{ACME.upper()};São Paulo;2.500;1.234,50\r\n"
        f"Acme;{ACME};;0;\r\n"
    )
    table = opened(tmp_path, text)
    rows, done, _ = normalised(table, tmp_path, WEEK)
    week = {"org_id": ACME, "since": "2026-11-15", "until": "2026-11-21"}
    ids = [id_of(ACME, place, week["since"], week["until"]) for place in ("sao paulo", "")]
    assert rows == [
        {
            "record_id": ids[0],
            **week,
            "location": "São Paulo",
            "total_calls": "2500",
            "call_minutes": "1234.5",
        },
        {"record_id": ids[1], **week, "total_calls": "0"},
    ]
    assert (done.first, done.last, done.notes) == (WEEK.since, WEEK.until, ())


MEASURED = "Start time,Jitter\n2026-11-16T08:00:00Z,7\n"
QUEUES = "Call Queue,Answered Calls,Abandoned Calls,Total Calls\nSupport,1,2,3\n"
USED = f"org_id,location,total_calls\n{ACME},Lisbon,3\n"


@pytest.mark.parametrize("text", [MEASURED, QUEUES])
def test_whose_a_file_is_must_be_said_somewhere(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text, replace(WEEK, org_id=None))
    assert error.reason == "file.csv: does not say which customer it is of"
    assert error.hint == "Give --customer CUSTOMER."


@pytest.mark.parametrize("text", [QUEUES, USED])
@pytest.mark.parametrize("given", [OF_ACME, replace(WEEK, until=None), replace(WEEK, since=None)])
def test_the_days_that_statistics_cover_must_be_given(tmp_path: Path, text: str, given: Given) -> None:
    error = refused(tmp_path, text, given)
    assert error.reason == "file.csv: does not say which days it covers"
    assert error.hint == "Give --since DAY --until DAY, the period that the file covers."


def test_a_period_runs_forward_and_for_a_year_at_most(tmp_path: Path) -> None:
    table = opened(tmp_path, USED)
    with pytest.raises(UsageError, match="--since 2026-11-22 is after --until 2026-11-21"):
        check_given(table, replace(WEEK, since=date(2026, 11, 22)))
    with pytest.raises(UsageError, match="are 367 days: the most is 366"):
        check_given(table, replace(WEEK, since=date(2025, 11, 20)))
    check_given(table, replace(WEEK, since=date(2025, 11, 21)))
    check_given(table, replace(WEEK, since=date(2026, 11, 21)))


def test_call_records_need_nothing_said(tmp_path: Path) -> None:
    rows, done, _ = normalised(opened(tmp_path, csv_of(RECORD)), tmp_path, GIVEN)
    assert (len(rows), done.rows) == (1, 1)


def test_what_a_file_says_of_its_customer_goes_before_what_the_user_says(tmp_path: Path) -> None:
    text = f"Org UUID,Start time,Jitter\n{EMEA},2026-11-16T08:00:00Z,7\n,2026-11-16T08:00:00Z,7\n"
    rows, done, _ = normalised(opened(tmp_path, text), tmp_path, OF_ACME)
    assert [row["org_id"] for row in rows] == [EMEA, ACME]
    assert done.notes == (
        "file.csv: 1 row is of another customer than --customer; what the file says counts",
    )
    error = refused(tmp_path, text)
    assert error.reason == "file.csv, line 3: org_id (Org UUID): is empty, so it says of no customer"


@pytest.mark.parametrize("text", [QUEUES + "SUPPORT ,4,5,6\n", USED + f"{ACME.upper()},lisbon,4\n"])
def test_a_row_that_says_again_what_another_says_is_bad(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text, WEEK).reason == "file.csv, line 3: says again what line 2 says"
    rows, done, rejected = normalised(opened(tmp_path, text), tmp_path, WEEK, keeps_on=True)
    assert (len(rows), done.rows) == (1, 1)
    assert rejected[1].endswith(",3,says again what line 2 says")


def test_ids_of_measured_legs_do_not_hang_on_columns_that_are_not_kept(tmp_path: Path) -> None:
    def ids(text: str, org_id: str = ACME) -> list[str]:
        rows, _, _ = normalised(opened(tmp_path, text), tmp_path, Given(TODAY, org_id))
        return [row["record_id"] for row in rows]

    assert ids(MEASURED) == ids("Codec,Jitter,Start time\nopus,7.0,2026-11-16 08:00:00\n")
    assert ids(MEASURED) != ids(MEASURED, EMEA)
    twice = ids(MEASURED + MEASURED.splitlines()[1] + "\n" + MEASURED.splitlines()[1] + "\n")
    assert twice[0] == ids(MEASURED)[0]
    assert len(set(twice)) == 3


BAD = {**RECORD, "Report ID": "r2", "Duration": "-5"}
LAST = {**RECORD, "Report ID": "r3"}


def test_the_first_bad_row_is_the_one_that_is_told(tmp_path: Path) -> None:
    text = (
        csv_of(RECORD, BAD, {**LAST, "Answered": "?"})
        + "too,short\n"
        + csv_of(RECORD, LAST).split("\n", 1)[1]
    )
    error = refused(tmp_path, text)
    assert error.reason == "file.csv, line 3: duration (Duration): '-5' is no whole number of 0 or more"
    assert error.hint == "Write digits only, or leave the cell empty."


def test_the_first_bad_cell_of_a_row_is_the_one_that_is_told(tmp_path: Path) -> None:
    assert "report_time (Report time)" in refused(tmp_path, csv_of({**BAD, "Report time": "?"})).reason


def test_bad_rows_are_put_aside_in_their_order_and_the_others_kept(tmp_path: Path) -> None:
    text = (
        csv_of(RECORD, BAD)
        + "too,short\n"
        + csv_of(RECORD, {**BAD, "Org UUID": "Acme"}, LAST).split("\n", 2)[2]
    )
    rows, done, rejected = normalised(opened(tmp_path, text), tmp_path, keeps_on=True)
    assert [row["report_id"] for row in rows] == ["r1", "r3"]
    assert done.rows == 2
    assert [line.split(",", 10)[10] for line in rejected] == [
        "rejected_line,rejected_reason",
        "3,duration (Duration): '-5' is no whole number of 0 or more",
        '4,"the row has 2 cells, the header 10"',
        "5,org_id (Org UUID): 'Acme' is no organization id",
    ]


def test_bad_rows_far_apart_leave_the_rows_between_them(tmp_path: Path) -> None:
    records = [
        {**RECORD, "Report ID": f"r{n}", "Duration": "x" if n % 700 == 0 else "1"} for n in range(2000)
    ]
    rows, done, rejected = normalised(opened(tmp_path, csv_of(*records)), tmp_path, keeps_on=True)
    assert [row["report_id"] for row in rows] == [f"r{n}" for n in range(2000) if n % 700]
    assert [line.split(",")[10] for line in rejected[1:]] == ["2", "702", "1402"]
    assert done.rows == 1997


def test_rows_without_any_cell_are_passed_over_with_a_note(tmp_path: Path) -> None:
    text = csv_of(RECORD) + "," * 9 + "\n\n" + " ," * 9 + "\n"
    rows, done, _ = normalised(opened(tmp_path, text), tmp_path)
    assert len(rows) == 1
    assert done.notes == ("file.csv, line 3: 2 empty rows were passed over",)


def test_days_that_are_far_off_are_kept_and_told(tmp_path: Path) -> None:
    days = ("2026-11-25", "1999-12-31", "2026-11-26", "2000-01-01")
    text = csv_of(*({**RECORD, "Start time": f"{day}T23:59:59Z"} for day in days))
    rows, done, _ = normalised(opened(tmp_path, text), tmp_path)
    assert (len(rows), done.first, done.last) == (4, date(1999, 12, 31), date(2026, 11, 26))
    assert done.notes == (
        "file.csv, line 3: the day 1999-12-31 is far off; kept (2 rows in all are so far off)",
    )


def test_cells_that_csv_must_quote_come_out_as_they_were(tmp_path: Path) -> None:
    text = csv_of({**RECORD, "Location": '"a\r\nb, ""c"""', "User": '"x\ry"'})
    header, row = csv.reader(io.StringIO(written(tmp_path, text), newline=""), strict=True)
    cells = dict(zip(header, row, strict=True))
    assert (cells["location"], cells["user"]) == ('a\r\nb, "c"', "x\ry")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (csv_of({**RECORD, "Location": "x" * 140_000}), "line 2: a cell is larger than 128 KiB"),
        (
            csv_of(RECORD, {**RECORD, "Location": '"open'}),
            "line 3: a quote opens in this row and never closes",
        ),
        (
            csv_of(RECORD) + "2026-11-16T08:00:00.000Z,111",
            "line 3: the row has 2 cells, the header 10, and the file",
        ),
        (
            csv_of({**RECORD, "Start time": "46342.5"}),
            "line 2: start_time (Start time): '46342.5' is no time",
        ),
        (
            csv_of({**RECORD, "Report ID": " "}),
            "line 2: report_id (Report ID): is empty, and every row needs it",
        ),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(tmp_path: Path, data: str, words: str) -> None:
    assert f"file.csv, {words}" in refused(tmp_path, data).reason


def test_what_breaks_the_file_is_raised_though_bad_rows_are_put_aside(tmp_path: Path) -> None:
    table = opened(tmp_path, csv_of(RECORD, BAD, {**RECORD, "Location": '"open'}))
    with pytest.raises(InvalidData, match="line 4: a quote opens in this row and never closes"):
        normalised(table, tmp_path, keeps_on=True)
    assert not (tmp_path / "file.rejected.csv").exists()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_how_a_file_is_written_makes_no_difference(
    tmp_path: Path, codec: str, delimiter: str, end: str
) -> None:
    text = csv_of({**RECORD, "Location": "São Paulo"})
    data = text.replace(",", delimiter).replace("\n", end).encode(codec)
    assert written(tmp_path, data) == written(tmp_path, text)


def test_the_words_of_a_portuguese_file_can_be_mapped(tmp_path: Path) -> None:
    options = ReadOptions("calls", header_map=(("Início", "start_time"),))
    text = csv_of(RECORD).replace("Start time", "Início")
    rows, _, _ = normalised(opened(tmp_path, text, options=options), tmp_path)
    assert rows[0]["start_time"] == "2026-11-16 08:00:00.000000"


def test_rows_are_counted_while_they_are_read(tmp_path: Path) -> None:
    heard: list[int] = []
    table = opened(tmp_path, csv_of(*[RECORD] * 1000))
    normalise(table, tmp_path / "out.csv", GIVEN, step=heard.append)
    assert sum(heard) == 1000
    assert len(heard) > 1


def test_a_file_without_rows_is_a_header(tmp_path: Path) -> None:
    assert written(tmp_path, csv_of(RECORD).splitlines()[0] + "\n") == HEADER
    rows, done, _ = normalised(opened(tmp_path, QUEUES.splitlines()[0]), tmp_path, WEEK)
    assert (rows, done) == ([], Normalised(0, None, None, ()))


def test_a_folder_that_takes_no_file_is_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = opened(tmp_path, csv_of(RECORD))

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(MachineFault, match=r"nowhere.out\.csv: cannot be written"):
        normalise(table, tmp_path / "nowhere" / "out.csv", GIVEN)
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *a, **k: (full if path.name == "out.csv" else real)(path, *a, **k)
    )
    with pytest.raises(MachineFault, match=r"out\.csv: cannot be written \(No space left on device\)"):
        normalise(table, tmp_path / "out.csv", GIVEN)


def test_the_canonical_columns_are_those_of_the_kind_but_for_the_moment_of_the_import() -> None:
    assert canonical_keys(CALLS) == CALLS.keys
    assert canonical_keys(MEDIA) == MEDIA.keys[:-1]
    assert all("imported_at" not in canonical_keys(kind) for kind in KINDS)
