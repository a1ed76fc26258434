"""The time zone of this machine, by its name."""

from pathlib import Path

import pytest

from partnerctl.errors import UsageError
from partnerctl.scheduling.zones import check_zone, local_zone

NOWHERE = Path("/nowhere")


def test_the_variable_tells_it() -> None:
    assert local_zone({"TZ": ":Europe/Lisbon"}, NOWHERE, NOWHERE) == "Europe/Lisbon"


def test_the_link_tells_it(tmp_path: Path) -> None:
    target = tmp_path / "zoneinfo" / "America" / "Sao_Paulo"
    target.parent.mkdir(parents=True)
    target.touch()
    link = tmp_path / "localtime"
    link.symlink_to(target)

    assert local_zone({"TZ": "<-03>3"}, link, NOWHERE) == "America/Sao_Paulo"


def test_the_file_of_debian_tells_it(tmp_path: Path) -> None:
    path = tmp_path / "timezone"
    path.write_text("Asia/Tokyo\n", "utf-8")

    assert local_zone({}, NOWHERE, path) == "Asia/Tokyo"


def test_a_machine_that_does_not_tell_gives_none() -> None:
    assert local_zone({}, NOWHERE, NOWHERE) is None


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        check_zone("Europe/Lisboa")
    assert caught.value.reason == "'Europe/Lisboa' is not a time zone"
    assert "Europe/Lisbon" in (caught.value.hint or "")
