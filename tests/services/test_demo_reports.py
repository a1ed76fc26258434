import csv
import re
from datetime import date
from pathlib import Path

import pytest

from partnerctl.demo.made import make_demo
from partnerctl.errors import UsageError
from partnerctl.services.demo import write_demo_reports

DEMO = make_demo(7, 20, date(2026, 11, 23))


@pytest.mark.parametrize(("language", "title"), [("en", "Devices"), ("pt", "Relatório de dispositivos")])
def test_the_files_are_named_and_headed_as_partner_hub_does(
    tmp_path: Path, language: str, title: str
) -> None:
    folder = tmp_path / "made" / "reports"
    written = write_demo_reports(DEMO, folder, language)
    assert len(written) == len(list(folder.iterdir())) == 29
    devices = next(one.path for one in written if one.path is not None and one.path.name.startswith(title))
    assert re.fullmatch(rf"{title}_[A-Za-z0-9]{{10}}_2026-11-23\.csv", devices.name)
    with devices.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    assert header[0] == {"en": "External ID", "pt": "ID externa"}[language]
    assert rows


def test_the_same_data_gives_the_same_files(tmp_path: Path) -> None:
    one = write_demo_reports(DEMO, tmp_path / "one")
    other = write_demo_reports(DEMO, tmp_path / "other")
    assert [(w.path and w.path.name, w.sha256) for w in one] == [
        (w.path and w.path.name, w.sha256) for w in other
    ]


def test_a_second_time_overwrites_nothing(tmp_path: Path) -> None:
    write_demo_reports(DEMO, tmp_path / "made")
    write_demo_reports(DEMO, tmp_path / "made")
    assert len(list((tmp_path / "made").iterdir())) == 58


def test_another_language_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no language 'fr'"):
        write_demo_reports(DEMO, tmp_path / "made", "fr")
    assert not (tmp_path / "made").exists()
