"""The design language at `/design`: every component with invented content, in the demonstration only."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.guards import PUBLIC
from app.config import get_settings
from app.core import clock
from app.core.errors import NotFound
from app.core.forms import Form
from app.core.templating import render

router = APIRouter(dependencies=[PUBLIC])


@router.get("/design", include_in_schema=False)
def show_design(request: Request) -> HTMLResponse:
    """Every component on one page, to look at and to test."""
    settings = getattr(request.app.state, "settings", None) or get_settings()
    if settings.mode != "demonstration":
        raise NotFound
    return render(request, "design.html", form=_form(), rungs=_rungs(), late_rungs=_late_rungs(), events=_events())


def _form() -> Form:
    form = Form(
        {
            "caller": "Mukamana",
            "needed_on-day": "31",
            "needed_on-month": "2",
            "needed_on-year": "2026",
            "urgency": "high",
            "story": "The roof of the community hall leaks.\nTwo of the benches are broken.",
        }
    )
    form.errors = [("needed_on", "February has no 31st day"), ("village", "Choose a village from the list")]
    return form


def _rungs() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "level": "Village",
            "place": "Kabeza",
            "state": "passed",
            "holder": "Niyonzima Claude",
            "received_at": now - timedelta(days=3, hours=5),
            "left_at": now - timedelta(days=3, hours=5),
            "outcome": "Sent",
        },
        {
            "level": "Cell",
            "place": "Kibenga",
            "state": "passed",
            "holder": "Uwimana Josiane",
            "received_at": now - timedelta(days=3, hours=5),
            "acknowledged_at": now - timedelta(days=2, hours=22),
            "left_at": now - timedelta(days=1, hours=4),
            "outcome": "Escalated",
        },
        {
            "level": "Sector",
            "place": "Mageregere",
            "state": "holding",
            "holder": "Mukamana Esperance",
            "received_at": now - timedelta(days=1, hours=4),
            "acknowledged_at": now - timedelta(hours=20),
            "due_at": now + timedelta(days=2),
        },
        {"level": "District", "place": "Nyarugenge", "state": "ahead"},
        {"level": "National", "place": None, "state": "ahead"},
    ]


def _late_rungs() -> list[dict[str, Any]]:
    rungs = _rungs()
    rungs[2] = rungs[2] | {"late": True, "acknowledged_at": None, "due_at": clock.now() - timedelta(days=3)}
    return rungs


def _events() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "when": now - timedelta(hours=3),
            "title": "Hall inspected",
            "text": "Roof sound after the repair; benches still to come.",
            "who": "Mukamana Esperance, sector officer",
            "icon": "footprints",
            "tone": "done",
        },
        {
            "when": now - timedelta(days=2),
            "title": "Referral went up to the sector",
            "who": "Uwimana Josiane, cell coordinator",
            "icon": "arrow-up",
            "tone": "info",
            "href": "#ladder",
        },
        {
            "when": now - timedelta(days=4),
            "title": "Inspection missed",
            "text": "It was due on Monday.",
            "icon": "triangle-alert",
            "tone": "overdue",
            "meta": ["3 days late", "Kibenga cell"],
        },
        {"when": (now - timedelta(days=30)).date(), "title": "Hall opened", "icon": "flag", "tone": "quiet"},
    ]
