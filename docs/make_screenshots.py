"""Takes the pictures of the documentation: `make screenshots`.

It builds the demonstration in a folder that is thrown away, serves it on a free port of this machine, signs in as its
people in a real browser, and writes `docs/pictures/*.png`.
"""

import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "tubarerere-demo"  # noqa: S105 - shown to everybody, and only in the demonstration
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE: ViewportSize = {"width": 360, "height": 800}
DESK: ViewportSize = {"width": 1040, "height": 800}
WIDE: ViewportSize = {"width": 1280, "height": 800}
HEAVIEST, COLOURS = 160_000, 256
CHILD = re.compile(r"begin with (TMM-\w{6})")
HOUSE = "Crested Crane House"
READY_SECONDS = 60


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """The address of a demonstration that runs as long as the block, and the code of the child whose file is whole."""
    folder = tempfile.mkdtemp(prefix="tubarerere-")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment |= {"TUBARERERE_DATA_DIR": folder, "TUBARERERE_MODE": "demonstration"}
    tubarerere = [sys.executable, "-m", "app.cli"]
    serving: subprocess.Popen[bytes] | None = None
    try:
        said = ""
        for words in (["db", "upgrade"], ["places", "load"], ["demo", "load"]):
            done = subprocess.run(
                [*tubarerere, *words], env=environment, cwd=ROOT, check=True, stderr=subprocess.PIPE, text=True
            )
            said += done.stderr
        print(said)
        child = CHILD.search(said)
        if child is None:
            sys.exit("The demonstration does not say with whom to begin")
        serving = subprocess.Popen([*tubarerere, "serve", "--port", port], env=environment, cwd=ROOT)
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address, child[1]
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

    def __init__(self, browser: Browser, address: str, username: str, size: ViewportSize) -> None:
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

    def child(self, code: str) -> str:
        """Opens a child by its code; returns the address of the page."""
        self.open(f"/search?q={code}")
        if "/children/" not in self.page.url:
            self.follow("main a[href^='/children/']")
        return self.page.url.split("?")[0]

    def house(self) -> str:
        """The address of the house whose way to its last day is half done."""
        self.open(f"/institutions?q={HOUSE.partition(' ')[0]}")
        link = self.page.locator("main a[href^='/institutions/']", has_text=HOUSE).first
        return f"{self.address}{link.get_attribute('href')}"

    def choose(self, words: str) -> None:
        self.page.locator("main label").get_by_text(words, exact=True).click()

    def go_on(self) -> None:
        self.page.get_by_role("button", name="Continue").click()

    def show(self, heading: str) -> None:
        """Scrolls until a heading stands at the top."""
        self.page.get_by_role("heading", name=heading).first.evaluate("heading => heading.scrollIntoView()")

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


def lighter(picture: bytes) -> bytes:
    """The same picture in so few colours that nobody sees a difference on a page of documentation."""
    written = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(COLOURS, kmeans=3, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
    return written.getvalue()


def keep(name: str, picture: bytes) -> None:
    """Writes a picture, unless it is too heavy for a page of documentation."""
    picture = lighter(picture)
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


def take_referrals(browser: Browser, address: str) -> None:
    """One referral: how it is filed on a phone, and its way up the ladder."""
    supervisor = Photographer(browser, address, "district_supervisor", DESK)
    volunteer = Photographer(browser, address, "volunteer", PHONE)
    volunteer.open(highest_of(volunteer))
    supervisor.open(volunteer.page.url)
    supervisor.show("Its way up the ladder")
    keep("referral-ladder.png", side_by_side(browser, volunteer.take(), supervisor.take()))
    volunteer.open("/referrals/new")
    worry = volunteer.take()
    volunteer.choose("Neglect")
    volunteer.go_on()
    volunteer.choose("Medium")
    urgency = volunteer.take()
    volunteer.go_on()
    volunteer.page.locator(".place-chosen").wait_for()
    keep("new-referral.png", side_by_side(browser, worry, urgency, volunteer.take()))


def take_number(browser: Browser, address: str) -> None:
    """A number: its figure, and its districts."""
    officer = Photographer(browser, address, "national_officer", PHONE)
    officer.open("/numbers/I01")
    table = officer.take()
    officer = Photographer(browser, address, "national_officer", DESK)
    officer.open("/numbers/I01")
    officer.page.locator(".tile-map").evaluate("picture => picture.scrollIntoView({block: 'center'})")
    keep("number.png", side_by_side(browser, table, officer.take()))


def take_child(browser: Browser, address: str, code: str) -> None:
    """The day of a social worker on a phone, and the file of one child."""
    worker = Photographer(browser, address, "social_worker", PHONE)
    worker.open("/")
    day = worker.take()
    worker.show("Today")
    keep("my-day.png", side_by_side(browser, day, worker.take()))

    child = worker.child(code)
    head = worker.take()
    worker.show("The way home")
    way = worker.take()
    worker.show("What happened")
    keep("child.png", side_by_side(browser, head, way, worker.take()))
    worker.follow("main a[href^='/visits/']")
    worker.show("How the child was")
    keep("wellbeing.png", worker.take())

    worker.open(f"{child}/instruments")
    forms = worker.take()
    worker.page.locator("form[action$='/instruments/wellbeing/start'] button").click()
    worker.page.locator("h1").wait_for()
    tasks = worker.take()
    worker.follow("main a[href*='/sections/']")
    worker.page.locator("main label", has_text="Fair").first.click()
    keep("instrument.png", side_by_side(browser, forms, tasks, worker.take()))


def take_house(browser: Browser, address: str) -> None:
    """A house on its way to its last day: its residents, a decision, a match, and a census that differs."""
    desk = Photographer(browser, address, "social_worker", WIDE)
    house = desk.house()
    desk.open(f"{house}/closure")
    desk.show("Residents by readiness")
    keep("residents.png", desk.take())
    matched = desk.page.locator("details", has_text="Prepared").last.locator("a[href^='/children/']").first
    child = f"{address}{matched.get_attribute('href')}"

    worker = Photographer(browser, address, "social_worker", PHONE)
    worker.open(f"{child}/decisions")
    worker.follow("main a[href^='/decisions/']:not([href$='/new'])")
    head = worker.take()
    worker.show("What was considered")
    options = worker.take()
    worker.open(f"{child}/matching")
    keep("decision.png", side_by_side(browser, head, options, worker.take()))

    worker.open(f"{house}/census")
    worker.follow("main .row-title a[href^='/censuses/']")
    night = worker.take()
    worker.show("Differences")
    keep("census.png", side_by_side(browser, night, worker.take()))


def take_caseloads(browser: Browser, address: str) -> None:
    """What a supervisor sees of the caseloads."""
    supervisor = Photographer(browser, address, "district_supervisor", WIDE)
    supervisor.open("/caseloads")
    keep("caseloads.png", supervisor.take())


def take_all(browser: Browser, address: str, code: str) -> None:
    """All pictures, each with the person whose page it is."""
    take_referrals(browser, address)
    take_number(browser, address)
    take_child(browser, address, code)
    take_house(browser, address)
    take_caseloads(browser, address)


def main() -> None:
    """Everything, from an empty folder to the pictures."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit(f"No browser on the PATH ({', '.join(BROWSERS)}): install chromium")
    PICTURES.mkdir(exist_ok=True)
    with demonstration() as (address, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        take_all(browser, address, code)
        browser.close()


if __name__ == "__main__":
    main()
