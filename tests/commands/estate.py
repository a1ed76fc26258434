"""A small estate: two regions, a name that needs quotes, one that a spreadsheet takes for a formula."""

from pathlib import Path

from tests.conftest import Cli

ALFA = "00000000-0000-4000-8000-000000000001"
BRAVO = "00000000-0000-4000-8000-000000000002"
CHARLIE = "00000000-0000-4000-8000-000000000003"
DAY = "2026-11-22"

FILES = {
    "customers": f"""\
org_id,name,region,total_users,verified_users
{BRAVO},"Bravo, ""Ltda""\",EU,20,18
{ALFA},Ação Telecom,US,10,9
{CHARLIE},=Charlie,,,
""",
    "subscriptions": f"""\
subscription_id,org_id,kind,subscription_type,status,end_date,auto_renew
Sub1,{ALFA},subscription,Annual,active,2027-01-31,true
Sub2,{BRAVO},trial,,active,2026-12-01,false
""",
    "licenses": """\
subscription_id,product,total,assigned,used_ever
Sub1,meetings,100,90,80
Sub1,calling_standard,0,0,0
""",
    "phone-numbers": f"""\
org_id,location_id,location,country,phone_number,extension,active
{BRAVO},l2,São Paulo,BR,+551100000002,02,true
{ALFA},l1,HQ,US,+12025550101,101,true
{ALFA},l1,HQ,US,+12025550100,,false
{CHARLIE},l3,=Lab,US,,-7,
""",
    "devices": f"""\
org_id,location,product,mac
{ALFA},HQ,Desk Pro,00:11:22:33:44:55
""",
}


def import_estate(cli: Cli, folder: Path, **changed: str) -> None:
    """Import the files of the estate, those in `changed` with other text."""
    folder.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    cli("import", folder, "--as-of", DAY, "-q")
