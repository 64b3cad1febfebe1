"""Takes the pictures of the documentation: `make screenshots`.

It builds the demonstration in a folder that is thrown away, serves it on a free port of this machine, signs in as its
people in a real browser, and writes `docs/pictures/*.png`.
"""

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "tubarerere-demo"  # noqa: S105 - shown to everybody, and only in the demonstration
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESK = {"width": 360, "height": 800}, {"width": 1040, "height": 800}
HEAVIEST = 200_000
READY_SECONDS = 60


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration that runs as long as the block."""
    folder = tempfile.mkdtemp(prefix="tubarerere-")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment |= {"TUBARERERE_DATA_DIR": folder, "TUBARERERE_MODE": "demonstration"}
    tubarerere = [sys.executable, "-m", "app.cli"]
    serving: subprocess.Popen[bytes] | None = None
    try:
        for words in (["db", "upgrade"], ["places", "load"], ["demo", "load"]):
            subprocess.run([*tubarerere, *words], env=environment, cwd=ROOT, check=True)
        serving = subprocess.Popen([*tubarerere, "serve", "--port", port], env=environment, cwd=ROOT)
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        if serving is not None:
            serving.terminate()
            serving.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str) -> None:
    """Returns when the service answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    sys.exit("The service did not start")


class Photographer:
    """Somebody of the demonstration, in a window of a size."""

    def __init__(self, browser: Browser, address: str, username: str, size: dict[str, int]) -> None:
        self.address = address
        self.page: Page = browser.new_context(
            viewport=size, locale="en-GB", timezone_id="Africa/Kigali", reduced_motion="reduce"
        ).new_page()
        self.open("/sign-in")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.locator("h1").wait_for()

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")

    def follow(self, selector: str) -> None:
        """Opens the first link of a kind."""
        self.open(f"{self.address}{self.page.locator(selector).first.get_attribute('href')}")

    def choose(self, words: str) -> None:
        self.page.locator("main label").get_by_text(words, exact=True).click()

    def go_on(self) -> None:
        self.page.get_by_role("button", name="Continue").click()

    def show(self, heading: str) -> None:
        """Scrolls until a heading stands at the top."""
        self.page.get_by_role("heading", name=heading).evaluate("heading => heading.scrollIntoView()")

    def take(self) -> bytes:
        return self.page.screenshot()


def side_by_side(browser: Browser, *pictures: bytes) -> bytes:
    """Several pictures in one, on a quiet ground."""
    images = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}" alt="">' for picture in pictures
    )
    page = browser.new_page(viewport={"width": 1600, "height": 800})
    page.set_content(
        "<style>body{margin:0;padding:24px;display:inline-flex;gap:24px;background:#e2d8c9}"
        f"img{{border-radius:10px;display:block}}</style>{images}"
    )
    return page.locator("body").screenshot()


def keep(name: str, picture: bytes) -> None:
    """Writes a picture, unless it is too heavy for a page of documentation."""
    if len(picture) > HEAVIEST:
        sys.exit(f"{name} weighs {len(picture)} bytes, more than {HEAVIEST}")
    (PICTURES / name).write_bytes(picture)
    print(f"docs/pictures/{name}: {len(picture) // 1000} kB")


def highest_of(volunteer: Photographer) -> str:
    """The address of the open referral that climbed highest, of those that anybody may look at in a picture."""
    volunteer.open("/referrals")
    rows = volunteer.page.locator(".row", has_not_text="Emergency").filter(has_not_text="Sexual").locator("a")
    heights = {}
    for path in [row.get_attribute("href") for row in rows.all()]:
        volunteer.open(path or "/")
        passed = volunteer.page.locator(".rung-passed").count()
        heights[path or "/"] = passed if volunteer.page.locator(".rung-holding").count() else 0
    return max(heights, key=lambda path: heights[path])


def take_all(browser: Browser, address: str) -> None:
    """The five pictures, each with the person whose page it is."""
    # One referral: what its author sees on a phone, and its way up the ladder at a desk.
    supervisor = Photographer(browser, address, "district_supervisor", DESK)
    volunteer = Photographer(browser, address, "volunteer", PHONE)
    volunteer.open(highest_of(volunteer))
    supervisor.open(volunteer.page.url)
    supervisor.show("Its way up the ladder")
    keep("referral-ladder.png", side_by_side(browser, volunteer.take(), supervisor.take()))

    worker = Photographer(browser, address, "social_worker", DESK)
    worker.open("/")
    keep("my-day.png", worker.take())
    worker.follow("main .row-title a[href^='/children/']")
    worker.page.set_viewport_size(DESK | {"height": 1200})
    keep("child.png", worker.take())

    officer = Photographer(browser, address, "national_officer", PHONE)
    officer.open("/numbers/I01")
    table = officer.take()
    officer = Photographer(browser, address, "national_officer", DESK)
    officer.open("/numbers/I01")
    officer.page.locator(".tile-map").evaluate("picture => picture.scrollIntoView({block: 'center'})")
    keep("number.png", side_by_side(browser, table, officer.take()))

    volunteer.open("/referrals/new")
    worry = volunteer.take()
    volunteer.choose("Neglect")
    volunteer.go_on()
    volunteer.choose("Medium")
    urgency = volunteer.take()
    volunteer.go_on()
    volunteer.page.locator(".place-chosen").wait_for()
    keep("new-referral.png", side_by_side(browser, worry, urgency, volunteer.take()))


def main() -> None:
    """Everything, from an empty folder to the pictures."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit(f"No browser on the PATH ({', '.join(BROWSERS)}): install chromium")
    PICTURES.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        take_all(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
