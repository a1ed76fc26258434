"""``help`` and its topics."""

import pytest

from partnerctl.commands.help import TOPICS
from partnerctl.config.settings import TABLE
from partnerctl.errors import ExitCode
from tests.conftest import Cli


def test_help_lists_its_topics(cli: Cli) -> None:
    assert cli("help").lines == ["Topics:", *(f"  partnerctl help {topic}" for topic in TOPICS)]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_page_and_has_no_gaps(cli: Cli, topic: str) -> None:
    lines = cli("help", topic).lines

    assert len(lines) > 8
    assert max(map(len, lines)) <= 120
    assert not any("{" in line and "error" not in line for line in lines)


def test_exit_codes_are_those_of_the_program(cli: Cli) -> None:
    text = cli("help", "exit-codes").stdout

    assert all(f"{code.value:>5}  {code.meaning}" in text for code in ExitCode)


def test_the_environment_is_that_of_the_settings(cli: Cli) -> None:
    text = cli("help", "environment").stdout

    assert all(setting.variable in text for setting in TABLE if setting.variable)


def test_help_of_a_command_is_its_help(cli: Cli) -> None:
    assert cli("help", "config").stdout == cli("config", "--help").stdout


def test_an_unknown_topic_names_the_nearest(cli: Cli) -> None:
    assert (
        cli("help", "quries", expect=2).stderr
        == "error: there is no topic 'quries'\nhint: did you mean queries?\n"
    )
