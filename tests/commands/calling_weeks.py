"""Two customers and two weeks of calls, few enough to count by hand: every verb of ``calling`` has rows."""

import shutil
from pathlib import Path

import pytest

from tests.calling.made_records import HEADERS, write_csv
from tests.conftest import Cli

ALFA, BRAVO = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
CUSTOMERS = f"org_id,name,region\n{ALFA},Alfa Telecom,US\n{BRAVO},Bravo GmbH,EU\n"

CALLS = (
    # the week of 2026-11-08: two calls of Alfa, three of Bravo
    (ALFA, "2026-11-10T10:00", "WXC_CLIENT", "", "ana"),
    (ALFA, "2026-11-10T11:00", "WXC_CLIENT", "", "ana"),
    (BRAVO, "2026-11-10T10:00", "WXC_DEVICE", "Cisco 7841", "eva"),
    (BRAVO, "2026-11-11T10:00", "WXC_DEVICE", "Cisco 7841", "eva"),
    (BRAVO, "2026-11-12T10:00", "WXC_CLIENT", "", "eva"),
    # the week of 2026-11-15: three of Alfa, one of Bravo
    (ALFA, "2026-11-16T10:00", "WXC_CLIENT", "", "ana"),
    (ALFA, "2026-11-16T11:00", "WXC_DEVICE", "Cisco 7841", "ben"),
    (ALFA, "2026-11-17T10:00", "WXC_DEVICE", "ATA191", "ben"),
    (BRAVO, "2026-11-18T10:00", "WXC_CLIENT", "", "eva"),
)
"""Calls that people made: organization, minute, client type, model, user; each of 90 seconds."""

QUEUED = (
    ("queue-1", "2026-11-16T10:00:00", "CallCenterStandard", "", ""),
    ("queue-1", "2026-11-16T10:00:20", "User", "CallQueue", ""),
    ("queue-2", "2026-11-17T10:00:00", "CallCenterStandard", "", "Remote"),
)
"""Legs of two calls that reached a queue of Alfa: call, start, user type, original reason, who hung up."""

MEASURED = """\
Org UUID,Start time,Location,Client type,Model,Audio jitter (ms),Audio latency (ms),Audio packet loss (%)
{ALFA},2026-11-16T10:00:00Z,Head office,WXC_CLIENT,,10,20,0.1
{ALFA},2026-11-16T11:00:00Z,Head office,WXC_DEVICE,Cisco 7841,200,20,0.1
{BRAVO},2026-11-10T10:00:00Z,Head office,WXC_DEVICE,Cisco 7841,10,20,9
"""


def records() -> list[dict[str, str]]:
    """Return every record, as Webex writes them."""
    usual = {
        "Duration": "90",
        "Location": "Head office",
        "Call type": "SIP_ENTERPRISE",
        "Answered": "true",
        "Site UUID": "site-1",
        "Report time": "2026-11-22T00:00:00.000Z",
    }
    made = [
        usual
        | {
            "Start time": f"{minute}:00.000Z",
            "Answer time": f"{minute}:05.000Z",
            "Correlation ID": f"call-{at}",
            "Direction": "ORIGINATING",
            "Client type": client,
            "Model": model,
            "User type": "User",
            "User UUID": user,
            "Org UUID": org,
            "Report ID": f"made-{at}",
            "Related reason": "ConsultativeTransfer" if at == 5 else "",
        }
        for at, (org, minute, client, model, user) in enumerate(CALLS)
    ]
    for at, (call, start, user_type, reason, releasing) in enumerate(QUEUED):
        is_agent = user_type == "User"
        made.append(
            usual
            | {
                "Start time": f"{start}.000Z",
                "Answer time": f"{start[:-2]}30.000Z" if is_agent else "",
                "Release time": f"{start[:-2]}45.000Z",
                "Correlation ID": call,
                "Direction": "TERMINATING",
                "Call type": "SIP_INBOUND",
                "Client type": "WXC_CLIENT" if is_agent else "",
                "User type": user_type,
                "User UUID": "ana" if is_agent else "",
                "Org UUID": ALFA,
                "Report ID": f"queued-{at}",
                "Original reason": reason,
                "Releasing party": releasing,
                "Answered": "true" if is_agent else "false",
            }
        )
    return made


_made: list[Path] = []


@pytest.fixture
def calling(cli: Cli, tmp_path: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Return the program over the two customers and a folder of their calls; imported once, then copied."""
    pytest.importorskip("duckdb")
    if _made:
        shutil.copytree(_made[0], home)
        return cli
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    write_csv(folder / "records.csv", records(), HEADERS)
    media = MEASURED.replace("{ALFA}", ALFA).replace("{BRAVO}", BRAVO)
    (folder / "calling-media.csv").write_text(media, encoding="utf-8")
    cli("import", folder, "--as-of", "2026-11-22", "--quiet")
    _made.append(Path(shutil.copytree(home, tmp_path_factory.mktemp("calling") / "home")))
    return cli
