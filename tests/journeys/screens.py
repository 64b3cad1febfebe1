"""What every page has, and the pages that everybody passes: signing in, My day."""

import re
from datetime import date
from re import Pattern
from typing import ClassVar, Self, TypeVar

from playwright.sync_api import Locator, expect

from tests.journeys.service import PASSWORD, Person
from tests.journeys.window import Window

S = TypeVar("S", bound="Screen")


def labelled(words: str) -> Pattern[str]:
    """A label by its words, whether "(optional)" stands behind them or not."""
    return re.compile(rf"^\s*{re.escape(words)}\s*(\(|$)")


class Screen:
    """A page that is open in a window; opening it looks at it. What leads on returns the next one."""

    heading: ClassVar[str | Pattern[str]]

    def __init__(self, window: Window) -> None:
        self.window = window
        self.page = window.page
        expect(self.page.locator("h1")).to_have_text(self.heading)
        window.look()

    def tap_button(self, words: str | Pattern[str], then: type[S]) -> S:
        """Presses a button and arrives on the next page."""
        self.window.tap(self.page.get_by_role("button", name=words, exact=True))
        return then(self.window)

    def tap_link(self, words: str | Pattern[str], then: type[S]) -> S:
        """Follows a link of the page itself."""
        self.window.tap(self.page.locator("main").get_by_role("link", name=words, exact=isinstance(words, str)).first)
        return then(self.window)

    def choose(self, words: str) -> Self:
        """Taps one of several answers."""
        self.window.tap(self.page.locator("main label").get_by_text(words, exact=True))
        return self

    def write(self, label: str, words: str) -> Self:
        """Writes into the box with a label."""
        self.window.write(self.page.get_by_label(labelled(label)), words)
        return self

    def select(self, label: str, words: str) -> Self:
        """Chooses from a list."""
        self.window.taps += 2
        self.page.get_by_label(labelled(label)).select_option(label=words)
        return self

    def unfold(self, words: str) -> Self:
        """Opens what is folded."""
        self.window.tap(self.page.locator("summary", has_text=words))
        return self

    def write_day(self, legend: str, day: date) -> Self:
        """Writes a day into its three boxes."""
        group = self.page.get_by_role("group", name=labelled(legend))
        for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.window.write(group.get_by_label(label, exact=True), str(part))
        return self

    def find_place(self, legend: str, letters: str, place: str) -> Self:
        """Types a few letters and chooses a place by what stands under its name."""
        group = self.page.get_by_role("group", name=labelled(legend))
        self.window.write(group.get_by_role("searchbox"), letters)
        if not self.window.script:
            self.window.tap(group.get_by_role("button", name="Find"))
        self.window.tap(group.locator("label", has_text=place).first)
        return self

    def should_say(self, words: str | Pattern[str]) -> Self:
        """The words stand on the page, in view or one fold away."""
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def should_not_say(self, words: str) -> Self:
        """The words are nowhere in the page."""
        assert words not in self.page.content(), f"{self.page.url} says {words}"
        return self

    def goes_on(self) -> Locator:
        """The one main action."""
        main = self.page.locator("main .button-primary:visible")
        expect(main).to_have_count(1)
        return main


class SignIn(Screen):
    heading = "Sign in"

    def sign_in(self, person: Person, then: type[S]) -> S:
        """Types name and password."""
        self.write("Username", person.username)
        self.write("Password", person.password)
        return self.tap_button("Sign in", then)


class FirstPassword(Screen):
    heading = "Choose your own password"

    def choose_own(self, person: Person) -> "MyDay":
        """Replaces the temporary password."""
        self.write("Temporary password", person.password)
        self.page.get_by_label("The new password", exact=True).fill(PASSWORD)
        self.write("The new password again", PASSWORD)
        return self.tap_button("Change the password", MyDay)


class MyDay(Screen):
    heading = "My day"

    def task(self, title: str | Pattern[str]) -> Locator:
        """What is to be done, by its title."""
        return self.page.locator(".row", has=self.page.get_by_role("link", name=title)).first


def tap_navigation(screen: Screen, words: str, then: type[S]) -> S:
    """Uses the bar at the foot of a phone, or the words at the left of a desk."""
    screen.window.tap(screen.page.get_by_role("navigation", name="Main").get_by_role("link", name=words))
    return then(screen.window)


def sign_in(window: Window, person: Person) -> MyDay:
    """Comes in with a password of one's own."""
    window.open("/")
    return SignIn(window).sign_in(person, MyDay)
