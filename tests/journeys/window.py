"""One person's browser window, which looks hard at every page that it opens."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response

HARMFUL = {"serious", "critical"}
TAP = 44
AXE = Axe()
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What a browser says of a page that was rightly refused; the journey itself looks at those.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|412|422) ")

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

HIT = (
    "button, summary, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox]), "
    ".ds-button, .rail a, .tick, .filters a, .row-title a"
)
TOO_SMALL = """([hit, least]) => [...document.querySelectorAll(hit)].filter((node) => {
  const box = node.getBoundingClientRect();
  const seen = node.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
  return seen && box.height < least && !node.closest(".sr-only, .default-submit");
}).map((node) => `${node.outerHTML.slice(0, 90)} is ${node.getBoundingClientRect().height} px high`)"""

TOO_WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
    .map((node) => node.outerHTML.slice(0, 90))"""


@dataclass
class Window:
    """A browser window and all that it complained about."""

    page: Page
    address: str
    title: str
    script: bool = True
    taps: int = 0
    complaints: list[str] = field(default_factory=list)
    looked_at: int = 0
    examined: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._receive)

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not REFUSED.match(message.text):
            self.complaints.append(f"{urlsplit(self.page.url).path}: {message.text}")

    def _receive(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {urlsplit(response.url).path}")

    @property
    def is_phone(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 600

    def open(self, path: str) -> None:
        """Types an address."""
        self.page.goto(f"{self.address}{path}")

    def tap(self, what: Locator) -> None:
        """One tap or click."""
        self.taps += 1
        what.click()

    def write(self, where: Locator, words: str) -> None:
        """One tap into a box, and the words."""
        self.tap(where)
        where.fill(words)

    def look(self) -> None:
        """Looks at the page as a whole: what axe finds, what is cut off, what is too small to hit."""
        self.page.wait_for_load_state("load")
        self.looked_at += 1
        where = f"{urlsplit(self.page.url).path} at {self.page.viewport_size['width']} px"
        found = self.page.evaluate(TOO_WIDE)
        assert not found, f"{where} scrolls sideways: {found[:4]}"
        if self.is_phone:
            found = self.page.evaluate(TOO_SMALL, [HIT, TAP])
            assert not found, f"{where} has what a thumb misses: {found[:4]}"
        # A page that comes again, in whichever journey, is examined once as it is, and once with its errors: other
        # records on it are nothing that axe looks for.
        page = (IDS.sub("*", urlsplit(self.page.url).path), self.page.locator(".error-summary").count())
        if self.script and page not in self.examined:
            self.examined.add(page)
            results = AXE.run(self.page, options=AXE_OPTIONS)
            harmful = [item for item in results.response["violations"] if item["impact"] in HARMFUL]
            assert not harmful, f"{where}: {[_told(item) for item in harmful]}"
        self._keep_a_picture()
        assert not self.complaints, f"{where}: {self.complaints}"

    def _keep_a_picture(self) -> None:
        """With JOURNEY_PICTURES set to a folder, every page that is looked at is kept there, to be looked at again."""
        folder = os.environ.get("JOURNEY_PICTURES")
        if folder:
            name = f"{self.title}-{self.looked_at:02}.png"
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / name, full_page=True)


def _told(finding: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:120]} ({node['failureSummary'][:160]})" for node in finding["nodes"][:3])
    return f"{finding['impact']}: {finding['help']}: {nodes}"
