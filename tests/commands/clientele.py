"""A small clientele, imported on two days: every status, two customers of one name, a name with accents."""

from pathlib import Path

import pytest

from tests.conftest import Cli

ALFA = "00000000-0000-4000-8000-00000000000a"
BRAVO = "00000000-0000-4000-8000-00000000000b"
CHARLIE = "00000000-0000-4000-8000-00000000000c"
DELTA = "00000000-0000-4000-8000-00000000000d"
DELTA_TOO = "00000000-0000-4000-8000-0000000000dd"
OWN = "00000000-0000-4000-8000-0000000000ff"

EARLY, LATE = "2026-11-01", "2026-11-22"

ON_EARLY = {
    "customers": f"""\
org_id,name,last_admin_login
{ALFA},Alfa Telecom,2026-10-30
""",
    "subscriptions": f"""\
subscription_id,org_id,kind,status,end_date,auto_renew
Sub1,{ALFA},subscription,active,2026-11-20,false
""",
    "licenses": """\
subscription_id,product,total,assigned
Sub1,meetings,50,10
""",
}
ON_LATE = {
    "customers": f"""\
org_id,name,region,country,industry,planned_users,managed_by,last_admin_login
{ALFA},Ação Telecom,US,BR,Retail,120,partner,2026-11-20
{BRAVO},Bravo GmbH,EU,DE,,,external,2026-06-01
{CHARLIE},Charlie,,,,,,
{DELTA},Delta,CA,,,,,
{DELTA_TOO},Delta,AE,,,,,
""",
    "subscriptions": f"""\
subscription_id,org_id,kind,subscription_type,status,start_date,end_date,auto_renew,invoice
Sub1,{ALFA},subscription,Annual,active,2026-02-01,2027-01-31,true,INV-1
Sub2,{ALFA},trial,Trial,active,2026-11-02,2026-12-01,false,
Sub3,{BRAVO},subscription,Annual,suspended,2025-12-16,2026-12-15,false,INV-3
Sub4,{BRAVO},subscription,Annual,active,2025-12-21,2026-12-20,true,INV-4
Sub5,{DELTA},subscription,Annual,expired,2025-10-02,2026-10-01,false,
Sub6,{DELTA_TOO},subscription,Annual,pending_setup,,,,
Sub7,{BRAVO},subscription,Annual,active,2026-01-01,,false,
""",
    "licenses": """\
subscription_id,product,total,assigned,used_7d,used_ever
Sub1,meetings,100,90,60,80
Sub1,calling_standard,20,20,,
Sub2,meetings,5,6,6,6
Sub4,calling_professional,10,2,1,1
""",
    "orders": """\
order_id,subscription_id,ordered_date,product,quantity,status,invoice
O2,Sub1,2026-06-01,calling_standard,20,fulfilled,INV-1b
O1,Sub1,2026-02-01,meetings,100,fulfilled,INV-1
""",
    "users": f"""\
email,org_id,name
joe@alfa.example,{ALFA},Joe
ana@partner.example,{OWN},Ana
ana@bravo.example,{BRAVO},Ana Braun
""",
    "admins": """\
email,name,role
ana@partner.example,Ana,full_admin
rui@partner.example,Rui,admin
""",
    "assignments": f"""\
email,org_id
ana@partner.example,{ALFA}
rui@partner.example,{BRAVO}
rui@partner.example,{ALFA}
""",
    "tags": f"""\
org_id,subscription_id,tag
{ALFA},,Gold
{BRAVO},,Gold
{BRAVO},,Sul
{BRAVO},Sub4,renew
""",
    "devices": f"""\
org_id,location,product,mac,user_id
{BRAVO},HQ,Desk Pro,00:11:22:33:44:55,desk@bravo.example
{CHARLIE},HQ,Desk Pro,00:11:22:33:44:56,Joe@alfa.example
""",
}


def import_clientele(cli: Cli, folder: Path) -> None:
    """Import the files of both days; the partner's own organization is a customer among the others."""
    own = f"org_id,name\n{OWN},Own Partner\n"
    for day, files in ((EARLY, ON_EARLY), (LATE, ON_LATE)):
        for name, text in files.items():
            path = folder / day / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "customers.csv").write_text(own, encoding="utf-8")
    cli("import", folder / EARLY, "--as-of", EARLY, "-q")
    cli("import", folder / "own", "--as-of", LATE, "-q")
    cli("import", folder / LATE, "--as-of", LATE, "-q")


@pytest.fixture
def clientele(cli: Cli, tmp_path: Path) -> Cli:
    """Return the program, with the clientele in its store."""
    import_clientele(cli, tmp_path / "files")
    return cli
