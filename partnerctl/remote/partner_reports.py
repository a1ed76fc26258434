"""The partner reports of Webex: templates, requests, states (``upstream.md``, 3.5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import count_of, day_of, text_of, unexpected

if TYPE_CHECKING:
    from partnerctl.remote.client import Client

_BAD_WORDS = ("fail", "error", "cancel", "abort", "reject")


class Template(NamedTuple):
    """One template; `max_days` is how many days one report may span, `last_day` the newest with data."""

    template_id: int
    title: str
    max_days: int | None
    last_day: date | None


class Wanted(NamedTuple):
    """What a report is asked for: a template, a region, and days, both included."""

    template_id: int
    region: str
    since: date
    until: date


class RemoteReport(NamedTuple):
    """A report as Webex has it. `size` is in bytes; `url` may expire: ask for the report again then."""

    report_id: str
    wanted: Wanted | None
    status: str
    file_name: str | None
    size: int | None
    url: str | None

    @property
    def done(self) -> bool:
        """Tell whether it can be downloaded."""
        return self.status == "done"

    @property
    def failed(self) -> bool:
        """Tell whether it will never be done: a status that no page documents, but that says so."""
        return any(word in self.status for word in _BAD_WORDS)


def templates(client: Client) -> list[Template]:
    """Return the templates; their ids are not fixed, so find one by its title."""
    found = []
    for item in items_of(client.get("/partner/reports/templates"), "templates"):
        template_id, title = count_of(item, "templateId"), text_of(item, "title")
        if template_id is None:
            template_id = count_of(item, "Id")
        if template_id is not None and title is not None:
            last_day = day_of(item, "dataEndDate")
            found.append(Template(template_id, title, count_of(item, "maxDays"), last_day))
    return found


def create(client: Client, wanted: Wanted) -> str:
    """Ask Webex to make a report, and return its id.

    Raises Unconfirmed where nobody knows whether it is being made: look with `recent`.
    """
    body = {
        "templateId": wanted.template_id,
        "startDate": wanted.since.isoformat(),
        "endDate": wanted.until.isoformat(),
        "regionId": wanted.region,
    }
    answer = client.post("/partner/reports", body)
    report_id = text_of(answer, "reportId") or next(
        (text_of(item, "reportId") or text_of(item, "Id") for item in items_of(answer)), None
    )
    if report_id is None:
        from partnerctl.remote.faults import Unconfirmed

        raise Unconfirmed("Webex: the answer of /partner/reports names no report", "try again later")
    return report_id


def recent(client: Client, wanted: Wanted, since: date) -> RemoteReport | None:
    """Return a report of just that which was asked for on `since` or later, the newest; None without one."""
    params = (
        ("templateId", str(wanted.template_id)),
        ("regionId", wanted.region),
        ("from", since.isoformat()),
    )
    items = items_of(client.get("/partner/reports", params), "reports")
    newest_first = sorted(items, key=lambda item: text_of(item, "createdTime") or "", reverse=True)
    reports = (_report(item) for item in newest_first)
    return next((one for one in reports if one and one.wanted == wanted and not one.failed), None)


def look_at(client: Client, report_id: str) -> RemoteReport:
    """Return a report's present state; raises NotFound where Webex does not keep it any more."""
    path = f"/partner/reports/{quote(report_id, safe='')}"
    answer = client.get(path)
    wrapped = isinstance(answer, list) or (isinstance(answer, dict) and "items" in answer)
    items = items_of(answer) if wrapped else [answer]
    report = next((one for one in map(_report, items) if one is not None), None)
    if report is None:
        raise unexpected(path, "does not say what became of the report")
    return report


def remove(client: Client, report_id: str) -> None:
    """Let Webex forget a report; raises NotFound where it has already."""
    client.delete(f"/partner/reports/{quote(report_id, safe='')}", repeatable=True)


def _report(item: Any) -> RemoteReport | None:
    report_id = text_of(item, "reportId") or text_of(item, "Id") or text_of(item, "id")
    if report_id is None:
        return None
    return RemoteReport(
        report_id,
        _wanted(item),
        (text_of(item, "status") or "").lower(),
        text_of(item, "fileName"),
        count_of(item, "fileSize"),
        text_of(item, "downloadURL") or text_of(item, "downloadUrl"),
    )


def _wanted(item: Any) -> Wanted | None:
    template_id, region = count_of(item, "templateId"), text_of(item, "regionId")
    since, until = day_of(item, "startDate"), day_of(item, "endDate")
    if template_id is None or region is None or since is None or until is None:
        return None
    return Wanted(template_id, region, since, until)
