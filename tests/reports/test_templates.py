import re
from pathlib import Path
from typing import Any

import pytest

import partnerctl.templates
from partnerctl.documents.reading import Document, read_document
from partnerctl.domain.calling.kinds import USAGE, USAGE_FIGURES
from partnerctl.domain.calling.kinds import Cell as Holds
from partnerctl.domain.entities import ENTITIES, Kind
from partnerctl.errors import ExitCode, InvalidData, NotFound
from partnerctl.reports.defaults import default_templates, find_template, imported_templates
from partnerctl.reports.template_files import check_template, read_template
from partnerctl.reports.templates import DEFAULT_NAMES, IMPORTED_NAMES, Template

FOLDER = Path(partnerctl.templates.__path__[0])
SPEC = Path(__file__).parents[2] / "../shared/spec/reports.md"

SMALL = {
    "name": "small",
    "about": "A small one",
    "period": "none",
    "source": "devices",
    "sort": ["org_id"],
    "titles": {"en": "Small", "pt": "Pequeno"},
    "columns": [{"key": "org_id", "kind": "org_id", "en": "Org", "pt": "Organização", "required": True}],
}


def parse_template(tables: dict[str, Any], file: str) -> Template:
    """Return the template that those tables are, as if they had stood in a file."""
    return check_template(Document(Path(file), "", tables))


def test_every_file_of_the_folder_is_a_default_template_or_the_resources() -> None:
    found = {path.stem for path in FOLDER.glob("*.toml")}
    assert found == {*DEFAULT_NAMES, "resources"}


def test_a_template_is_named_after_its_file() -> None:
    assert tuple(template.name for template in default_templates()) == DEFAULT_NAMES


@pytest.mark.parametrize("name", IMPORTED_NAMES)
def test_columns_and_titles_are_those_of_the_specification(name: str) -> None:
    if not SPEC.is_file():
        pytest.skip(f"the specification is not beside the project: {SPEC}")
    section = re.search(
        rf"^## `{name}`: (.+?) \((.+?)\)\n(.*?)(?=^##|\Z)", SPEC.read_text("utf-8"), re.M | re.S
    )
    assert section is not None
    rows = re.findall(r"^\| \d+ \| `(\w+)` \| (.+?) \| (.+?) \|$", section[3], re.M)
    template = find_template(name)
    assert (template.title_in("en"), template.title_in("pt")) == (section[1], section[2])
    assert [(c.key, c.header("en"), c.header("pt")) for c in template.layout.columns] == rows


@pytest.mark.parametrize(
    ("name", "width", "period"),
    [
        ("devices", 12, "none"),
        ("phone-numbers", 14, "none"),
        ("webex-app-version", 7, "last-90-days"),
        ("subscription-details", 19, "snapshot"),
        ("calling-usage", 33, "range"),
    ],
)
def test_the_reports_have_the_published_widths_and_periods(name: str, width: int, period: str) -> None:
    template = find_template(name)
    assert len(template.layout.columns) == width
    assert template.period == period


@pytest.mark.parametrize("template", imported_templates(), ids=lambda t: t.name)
def test_kinds_agree_with_the_entity_that_the_report_reads_from(template: Template) -> None:
    kinds = {field.name: field.kind for field in ENTITIES[template.source].fields}
    for column in template.layout.columns:
        assert column.kind is kinds.get(column.key, column.kind), column.key
    assert template.layout.column("customer").kind is Kind.NAME
    assert template.layout.column("org_id").required


@pytest.mark.parametrize("name", ["calling-usage", "calling-by-customer"])
def test_figures_of_calls_are_those_of_the_records_in_their_order(name: str) -> None:
    kinds = {Holds.COUNT: Kind.COUNT, Holds.NUMBER: Kind.NUMBER}
    layout = find_template(name).layout
    figures = [(column.key, column.kind) for column in layout.columns if column.key in USAGE_FIGURES]
    others = [column.key for column in layout.columns if column.key not in USAGE_FIGURES]

    cells = {field.key: field.cell for field in USAGE.fields}
    assert figures == [(key, kinds[cells[key]]) for key in USAGE_FIGURES]
    assert others == [
        "customer",
        "org_id",
        *{"calling-usage": ["location"]}.get(name, ["region", "locations"]),
    ]


def test_calling_by_customer_has_the_headers_of_calling_usage() -> None:
    usage, by_customer = find_template("calling-usage").layout, find_template("calling-by-customer").layout
    for column in by_customer.columns:
        if column.key not in ("region", "locations"):
            assert column.headers == usage.column(column.key).headers


@pytest.mark.parametrize(
    "asked", ["devices", "DEVICES", "Relatório de dispositivos", "relatorio de DISPOSITIVOS"]
)
def test_a_template_is_found_by_name_or_title(asked: str) -> None:
    assert find_template(asked).name == "devices"


def test_a_custom_template_comes_before_the_default_ones() -> None:
    custom = parse_template({**SMALL, "name": "devices"}, "devices.toml")
    assert find_template("devices", [custom]) is custom


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        find_template("phone-nubmers")
    assert caught.value.exit_code == ExitCode.NOT_FOUND
    assert caught.value.hint == "Did you mean phone-numbers?"


def test_a_name_like_no_other_lists_what_there_is() -> None:
    with pytest.raises(NotFound) as caught:
        find_template("zzz")
    assert caught.value.hint == f"There are: {', '.join(DEFAULT_NAMES)}."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "t.toml: name: needs a text"),
        (
            {"period": "sometimes"},
            "t.toml: period: 'sometimes' is none of none, last-90-days, snapshot, range, horizon",
        ),
        ({"source": "devcies"}, "t.toml: source: 'devcies' is none of"),
        ({"sort": ["name"]}, "t.toml: sort: there is no column 'name'"),
        ({"sort": "org_id"}, "t.toml: sort: needs a list of texts"),
        ({"titles": {"en": "Small"}}, "t.toml: titles.pt: needs a text"),
        ({"titles": "Small"}, "t.toml: titles: needs a table with en and pt"),
        ({"columns": []}, "t.toml: columns: needs at least one"),
        ({"columns": ["org_id"]}, "t.toml: columns[1]: needs to be a table"),
        ({"colour": "red"}, "t.toml: colour: is not a setting of a template"),
    ],
)
def test_a_fault_names_the_file_and_the_field(change: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidData) as caught:
        parse_template({**SMALL, **change}, "t.toml")
    assert caught.value.reason.startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "txt"}, "t.toml: columns[1].kind: 'txt' is none of"),
        ({"required": "yes"}, "t.toml: columns[1].required: needs true or false"),
        ({"aliases": [1]}, "t.toml: columns[1].aliases: needs a list of texts"),
        ({"aliases": ["-"]}, "t.toml: org_id: '-' already names"),
        ({"header": "Org"}, "t.toml: columns[1].header: is not a setting"),
    ],
)
def test_a_fault_in_a_column_names_it(change: dict[str, object], message: str) -> None:
    column = {"key": "org_id", "kind": "org_id", "en": "Org", "pt": "Organização", **change}
    with pytest.raises(InvalidData) as caught:
        parse_template({**SMALL, "columns": [column]}, "t.toml")
    assert caught.value.reason.startswith(message)


def test_two_columns_may_not_go_by_one_name() -> None:
    one = {"key": "org_id", "kind": "org_id", "en": "Org", "pt": "Organização"}
    other = {"key": "customer", "kind": "name", "en": "Customer", "pt": "Cliente", "aliases": ["ORG"]}
    with pytest.raises(InvalidData, match="'ORG' already names the column 'org_id'"):
        parse_template({**SMALL, "columns": [one, other]}, "t.toml")


def test_a_syntax_error_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('name = "x"\ntitle = \n', "utf-8")
    with pytest.raises(InvalidData) as caught:
        read_template(path)
    assert caught.value.reason.startswith(f"{path}, line 2: is not valid TOML")


def test_a_file_that_is_no_text_or_not_there_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "\xe9"')
    with pytest.raises(InvalidData, match="is not UTF-8 text"):
        read_template(path)
    with pytest.raises(InvalidData, match="cannot be read"):
        read_template(tmp_path / "none.toml")


def test_the_resources_are_public_help_addresses() -> None:
    document = read_document(FOLDER / "resources.toml")
    assert document is not None
    resources = document.tables["resources"]
    for resource in resources:
        assert set(resource) == {"title", "kind", "url", "words"}
        assert resource["kind"] in {"link", "guide", "support"}
        assert re.fullmatch(r"https://(admin|help|developer|status)\.webex\.com(/[\w/-]+)?", resource["url"])
        assert all(isinstance(word, str) for word in resource["words"])
    support = [resource["title"] for resource in resources if resource["kind"] == "support"]
    assert any("Calling" in title for title in support)
    assert any("Contact Center" in title for title in support)
