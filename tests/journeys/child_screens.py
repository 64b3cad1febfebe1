"""Pages of a child, a family and an institution."""

import re
from datetime import date
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.screens import Screen, labelled


class Institutions(Screen):
    heading = "Institutions"


class RegisterInstitution(Screen):
    heading = "Register an institution"

    def register(self, name: str, *, sector: str) -> "Institution":
        self.write("Name", name)
        self.select("Kind", "Orphanage")
        self.select("Registration", "Registered")
        self.find_place("Sector", sector[:4], sector)
        self.write("Places", "40")
        return self.tap_button("Register the institution", Institution)


class Institution(Screen):
    heading = re.compile(".+")


class Children(Screen):
    heading = "Children"

    def search(self, words: str) -> "Children":
        self.window.write(self.page.locator("main").get_by_role("searchbox"), words)
        self.window.tap(self.page.locator("main").get_by_role("button", name="Search"))
        return Children(self.window)

    def open(self, words: str) -> "Child":
        self.window.tap(self.page.locator(".row", has_text=words).get_by_role("link").first)
        return Child(self.window)


class RegisterChild(Screen):
    heading = "Register a child"

    def register(self, given: str, family: str, *, born_in: int, village: str, under: str) -> "Child":
        self.write("Given name", given)
        self.write("Family name", family)
        self.choose("Female")
        self.page.get_by_role("group", name=labelled("Date of birth")).get_by_label("Year", exact=True).fill(
            str(born_in)
        )
        self.choose("To the year")
        self.find_place("Village that the child comes from", village[:4], under)
        return self.tap_button("Register the child", Child)


class Child(Screen):
    """Who the child is, what is next, what happened."""

    heading = re.compile(".+")

    @property
    def code(self) -> str:
        found = re.search(r"TMM-\w+", self.page.locator("main").inner_text())
        assert found, "a child without a code"
        return found[0]

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.window.address)

    def events(self) -> Locator:
        """What the timeline tells, newest first."""
        return self.page.locator(".timeline .event-title")

    def show_only(self, words: str) -> Self:
        """Narrows the story, which changes where it stands: with scripts the page does not open anew."""
        self.page.evaluate("window.sameAsBefore = true")
        self.window.tap(self.page.get_by_role("navigation", name="Show only").get_by_role("link", name=words))
        expect(self.page.locator(".filters [aria-current]")).to_have_text(words)
        if self.window.script:
            assert self.page.evaluate("window.sameAsBefore")
        return self

    def start_placement(self, kind: str) -> "StartPlacement":
        self.window.tap(self.goes_on())
        return KindOfPlacement(self.window).choose_kind(kind)

    def move(self, kind: str) -> "StartPlacement":
        return self.tap_link("Move the child", KindOfMove).choose_kind(kind)

    def log_visit(self) -> "LogVisit":
        self.window.tap(self.goes_on())
        return LogVisit(self.window)


class KindOfPlacement(Screen):
    heading = "Start a placement"

    def choose_kind(self, kind: str) -> "StartPlacement":
        return self.tap_link(kind, StartPlacement)


class KindOfMove(KindOfPlacement):
    heading = "Move the child"


class StartPlacement(Screen):
    heading = re.compile("^(Start a placement|Move the child): ")

    def in_institution(self, name: str, since: date, because: str) -> Child:
        self.select("Institution", name)
        self.write_day("First day there", since)
        self.select("Why did the child come into care?", because)
        return self.tap_button("Start the placement", Child)

    def with_family(self, head: str, since: date, because: str) -> Child:
        self.window.write(self.page.get_by_label("Find the household"), head)
        self.window.tap(self.page.locator("main").get_by_role("button", name="Search"))
        found = StartPlacement(self.window)
        found.window.tap(found.page.locator("main label", has_text=head))
        found.write_day("First day there", since)
        found.select("Why does the placement before it end?", because)
        return found.tap_button("Move the child", Child)


class LogVisit(Screen):
    heading = "Log a visit"

    def saw_the_child(self, wellbeing: dict[str, str], note: str) -> Child:
        self.choose("Yes, I saw the child")
        for domain, score in wellbeing.items():
            group = self.page.get_by_role("group", name=domain, exact=True)
            self.window.tap(group.get_by_text(score, exact=True))
        self.write("Note", note)
        return self.tap_button("Log the visit", Child)


class Households(Screen):
    heading = "Households"


class RegisterHousehold(Screen):
    heading = "Register a household"

    def register(self, head: str, *, village: str, under: str, checked_on: date) -> "Household":
        self.write("Head of the household", head)
        self.choose("Family of kin")
        self.write("Telephone", "0788 123 456")
        self.find_place("Village", village[:4], under)
        self.write("Children it can take in", "2")
        self.select("Checked or not", "Approved")
        self.write_day("Since when", checked_on)
        first = self.page.get_by_role("group", name="Person 1")
        first.get_by_label(labelled("Name")).fill(head)
        first.get_by_label("To the head of the household").select_option(label="Head of the household")
        self.window.tap(first.get_by_text("Raises the child"))
        return self.tap_button("Register the household", Household)


class Household(Screen):
    heading = re.compile(".+")


class ShowTheName(Screen):
    heading = "Show the name"

    def because(self, reason: str) -> "ShowTheName":
        self.write("Reason", reason)
        return self.tap_button("Show the name", ShowTheName)


class WhoOpened(Screen):
    heading = "Who opened this record"

    def should_tell(self, name: str, what: str) -> "WhoOpened":
        expect(self.page.locator("main .row", has_text=name).filter(has_text=what).first).to_be_visible()
        return self
