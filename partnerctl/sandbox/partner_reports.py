"""The operations on partner reports, and the download of what they give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from partnerctl.clock import today
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.clientele import HOME_REGION
from partnerctl.sandbox.exchange import DOWNLOADS, Refused, Reply, json_reply
from partnerctl.sandbox.ids import encode
from partnerctl.sandbox.report_shelf import LINK_LIFE, MOST_DAYS, Report
from partnerctl.sandbox.state import Ask

_WORDS = ("done", "DONE", "Done")
_SERVICE = "Teams"


def list_templates(ask: Ask) -> Reply:
    """Return the templates, as a bare list or in an object, in turns."""
    until = today(ask.state.clock)
    items = [
        {
            "templateId": one.template_id,
            "title": one.title,
            "service": _SERVICE,
            "category": "Partner",
            "maxDays": MOST_DAYS,
            "dataStartDate": until.replace(year=until.year - 1, day=1).isoformat(),
            "dataEndDate": until.isoformat(),
        }
        for one in ask.state.reports.templates
    ]
    return json_reply({"items": items} if ask.state.turn("templates", 2) else items)


def create_report(ask: Ask) -> Reply:
    """Begin a report, and return its id."""
    fields = ask.call.fields()
    template_id, region = fields.get("templateId"), fields.get("regionId", HOME_REGION)
    since, until = (_day(fields, name) for name in ("startDate", "endDate"))
    if isinstance(template_id, bool) or not isinstance(template_id, int | float):
        raise Refused(400, "'templateId' must be a number.")
    if not isinstance(region, str):
        raise Refused(400, "'regionId' must be a text.")
    if until < since or until > today(ask.state.clock) or (until - since).days >= MOST_DAYS:
        raise Refused(400, f"The dates must be in order, not to come, and span {MOST_DAYS} days at most.")
    fails = "report-failed" in ask.drawn
    report = ask.state.reports.add(int(template_id), since, until, region, fails=fails)
    return json_reply({"reportId": _id(report), "createdTime": _written(report.created)})


def list_reports(ask: Ask) -> Reply:
    """Return the reports, the oldest first: a bare list, or in an object under one of two names, in turns."""
    items = [_told(one, "In progress" if one.ready > 0 else "done") for one in _chosen(ask)]
    shape = ask.state.turn("reports", 3)
    return json_reply(items if shape == 0 else {("items", "Report Attributes")[shape - 1]: items})


def get_report(ask: Ask) -> Reply:
    """Return one report; once it is done, with an address of its file that is new each time."""
    shelf = ask.state.reports
    report = shelf.poll(bare_id(ask.parts["reportId"]))
    if report.ready >= 0:
        return json_reply(_told(report, "In progress"))
    if report.fails:
        return json_reply(_told(report, "failed"))
    key = shelf.make_link(report, expired="url-expired" in ask.drawn)
    return json_reply(
        {
            **_told(report, _WORDS[ask.state.turn("status", len(_WORDS))]),
            "fileName": report.file_name,
            "fileSize": len(shelf.file(report)),
            "checksum": shelf.checksum(report),
            "downloadURL": f"{ask.call.root}{DOWNLOADS}{report.report_id}?key={key}",
            "downloadUrlExpiryTime": str(LINK_LIFE),
        }
    )


def delete_report(ask: Ask) -> Reply:
    """Forget a report."""
    ask.state.reports.remove(bare_id(ask.parts["reportId"]))
    return Reply(204)


def download(ask: Ask) -> Reply:
    """Return the file of a report: a zip archive, or of some the CSV file itself."""
    body = ask.state.reports.download(ask.parts["reportId"], ask.call.param("key") or "")
    content_type = "application/zip" if body.startswith(b"PK") else "application/octet-stream"
    return Reply(200, {"content-type": content_type}, body)


def _chosen(ask: Ask) -> list[Report]:
    call = ask.call
    template, region, service = call.param("templateId"), call.param("regionId"), call.param("service")
    since, before = call.param("from"), call.param("to")
    return [
        one
        for one in ask.state.reports.all()
        if template in (None, str(one.template.template_id))
        and region in (None, one.region)
        and service in (None, _SERVICE)
        and (since is None or one.created.date() >= _read_day(since, "from"))
        and (before is None or one.created.date() < _read_day(before, "to"))
    ]


def _told(report: Report, status: str) -> dict[str, Any]:
    return {
        "reportId": _id(report),
        "templateId": report.template.template_id,
        "title": report.template.title,
        "service": _SERVICE,
        "startDate": report.since.isoformat(),
        "endDate": report.until.isoformat(),
        "regionId": report.region,
        "createdTime": _written(report.created),
        "status": status,
    }


def _id(report: Report) -> str:
    return encode("REPORT", report.report_id)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _day(fields: Mapping[str, Any], name: str) -> date:
    text = fields.get(name)
    if not isinstance(text, str):
        raise Refused(400, f"'{name}' is required.")
    return _read_day(text, name)


def _read_day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(400, f"'{name}' must be a date such as 2026-11-23.") from None
