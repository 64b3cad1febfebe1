"""The service, the people who work with it, and their browsers."""

import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import URL

from app.access.roles import Role
from tests.journeys.service import Person, Service, running_service
from tests.journeys.window import Window
from tests.make import CELL, COUNTRY, DISTRICT, SECTOR, VILLAGE

# The first takes little more than half of the processor time of the others: it draws no window that nobody looks at.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# Patient, because a busy machine is no fault of the page.
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Look:
    """A way to look at the service: how wide, in light or dark, with or without JavaScript."""

    width: int
    height: int
    script: bool = True
    dark: bool = False

    def __str__(self) -> str:
        return f"{self.width}px" + ("" if self.script else "-without-script")


PHONE = Look(360, 740)
DESK = Look(1280, 900, dark=True)
PLAIN_PHONE = Look(360, 740, script=False)
SMALL_PHONE = Look(320, 568)


@pytest.fixture(scope="session")
def service(new_database: Callable[[], URL], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(new_database(), tmp_path_factory.mktemp("journeys")) as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file: its event loop must be gone before other tests of the process start theirs."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser on the PATH ({', '.join(BROWSERS)}): install chromium to run the journeys")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def examined() -> defaultdict[tuple[str, Look], set[tuple[str, int]]]:
    """The pages that axe has examined, for each person and way to look."""
    return defaultdict(set)


@pytest.fixture
def window(
    browser: Browser,
    service: Service,
    examined: defaultdict[tuple[str, Look], set[tuple[str, int]]],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Window]]:
    """Opens a window of its own for somebody: `window("volunteer", PHONE)`."""
    contexts: list[BrowserContext] = []

    def open_window(title: str, look: Look) -> Window:
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            java_script_enabled=look.script,
            color_scheme="dark" if look.dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Africa/Kigali",
            has_touch=look.width < 600,
        )
        contexts.append(context)
        pages = examined[title, look]
        title = f"{request.node.name}-{len(contexts)}-{title}".replace("[", "-").replace("]", "")
        return Window(context.new_page(), service.address, title, script=look.script, examined=pages)

    yield open_window
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Staff:
    """The people of one ladder and of the main jobs, each with a password of their own."""

    cell_coordinator: Person
    sector_officer: Person
    district_supervisor: Person
    national_manager: Person
    national_officer: Person
    social_worker: Person


@pytest.fixture(scope="session")
def staff(service: Service) -> Staff:
    appoint = service.appoint
    return Staff(
        cell_coordinator=appoint("habimana", Role.CELL_COORDINATOR, CELL, "Habimana Jean Bosco"),
        sector_officer=appoint("uwimana", Role.SECTOR_OFFICER, SECTOR, "Uwimana Claudine"),
        district_supervisor=appoint("nsengiyumva", Role.DISTRICT_SUPERVISOR, DISTRICT, "Nsengiyumva Eric"),
        national_manager=appoint("ingabire", Role.NATIONAL_MANAGER, COUNTRY, "Ingabire Diane"),
        national_officer=appoint("mugisha", Role.NATIONAL_OFFICER, COUNTRY, "Mugisha Alain"),
        social_worker=appoint("umutoni", Role.SOCIAL_WORKER, DISTRICT, "Umutoni Grace"),
    )


@pytest.fixture
def newcomer(service: Service) -> Person:
    """A volunteer on the first day, with the temporary password that the operator handed over."""
    return service.newcomer(f"mukamana-{secrets.token_hex(3)}", Role.VOLUNTEER, VILLAGE, "Mukamana Béatrice")


@pytest.fixture(autouse=True, scope="session")
def _pictures_of_this_run_only() -> None:
    """Old pictures would be taken for new ones."""
    folder = os.environ.get("JOURNEY_PICTURES")
    for old in Path(folder).glob("*.png") if folder else ():
        old.unlink()
