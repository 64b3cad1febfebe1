"""Pages of a supervisor: approvals, alerts, caseloads, hand-overs, conferences."""

import re
from datetime import date

from playwright.sync_api import Locator

from tests.journeys.screens import MyDay, Screen


class Approvals(Screen):
    heading = "What waits for approval"


class Approval(Screen):
    heading = re.compile(".+")

    def approve(self) -> Approvals:
        return self.tap_button("Approve", Approvals).should_say("Approved.")

    def return_because(self, reason: str) -> Approvals:
        """The first try says nothing, and is asked for the reason at its field."""
        again = self.tap_button("Return to the author", Approval)
        again.write("Remark, or what is missing", reason)
        return again.tap_button("Return to the author", Approvals).should_say("Returned.")


class Record(Screen):
    """What is to be approved, on a page of its own."""

    heading = re.compile(".+")


class Alerts(Screen):
    heading = "Alerts"


class Caseloads(Screen):
    heading = "Caseloads"

    def post(self, holder: str) -> Locator:
        return self.page.locator("main tr, main .row").filter(has_text=holder).first

    def open(self, holder: str) -> "Caseload":
        self.window.tap(self.post(holder).get_by_role("link").first)
        return Caseload(self.window)


class Caseload(Screen):
    heading = re.compile(".+")

    def hand_over(self, names: list[str], to: str, note: str) -> "Caseload":
        for name in names:
            self.window.tap(self.page.locator("#load label", has_text=name))
        post = self.page.get_by_label("To whom?").locator("option", has_text=re.compile(f"^{to}"))
        self.page.get_by_label("To whom?").select_option(value=post.get_attribute("value"))
        self.write("What has the next worker to know?", note)
        return self.tap_button("Hand over", Caseload)

    def cover(self, by: str, start: date, end: date) -> "Caseload":
        self.unfold("Let somebody cover this post").select("Who?", by)
        self.write_day("From", start).write_day("Until", end)
        return self.tap_button("Cover the post", Caseload)


class HandedOver(Screen):
    heading = "What was handed over to you"


class MyAccount(Screen):
    heading = re.compile(".+")


class Conferences(Screen):
    heading = "Case conferences"


class NewConference(Screen):
    heading = "Record a conference"

    def agree(self, number: int, what: str, who: str, until: date) -> "NewConference":
        group = self.page.get_by_role("group", name=f"What was agreed, {number}")
        group.get_by_label(re.compile("^What is to be done")).fill(what)
        post = group.get_by_label(re.compile("^By whom")).locator("option", has_text=re.compile(f"^{who}"))
        group.get_by_label(re.compile("^By whom")).select_option(value=post.get_attribute("value"))
        for label, part in (("Day", until.day), ("Month", until.month), ("Year", until.year)):
            group.get_by_label(label, exact=True).fill(str(part))
        return self


class Conference(Screen):
    heading = "Case conference"


def follow(day: MyDay, title: str | re.Pattern[str]) -> None:
    """Presses the one button of a row of My day."""
    day.window.tap(day.task(title).locator(".row-side a"))
