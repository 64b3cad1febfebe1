"""Pages of the numbers."""

import re

from tests.journeys.child_screens import Child
from tests.journeys.referral_screens import Referral
from tests.journeys.screens import Screen


class Numbers(Screen):
    heading = "Numbers"

    def of_all_time(self) -> "Numbers":
        """Not only of this quarter: a journey may run on its first day."""
        return self.tap_link("Since July 2012", Numbers)

    def read(self, code: str) -> tuple[int | None, str]:
        """A number's first figure, and what it was counted from."""
        row = self.page.locator("tr", has_text=code)
        value, counted_from = (row.locator("td").nth(number).inner_text().strip() for number in (0, 1))
        figure = re.search(r"\d+", value)
        return (int(figure[0]) if figure else None), counted_from

    def open(self, code: str) -> "Number":
        self.window.tap(self.page.locator("tr", has_text=code).get_by_role("link").first)
        return Number(self.window)


class Number(Screen):
    heading = re.compile(".+")

    def open_list(self) -> "Records":
        return self.tap_link(re.compile("^Open the list"), Records)


class Records(Screen):
    heading = re.compile("^Behind: ")

    def open_child(self, code: str) -> Child:
        return self.tap_link(code, Child)

    def open_referral(self, code: str) -> Referral:
        return self.tap_link(code, Referral)
