"""Pages of a house on the way to its last day: closure, census, reports, plan."""

import re
from datetime import date

from playwright.sync_api import Locator, expect

from tests.journeys.screens import Screen


class House(Screen):
    """The institution itself, which is also the first page of its manager."""

    heading = re.compile(".+")

    def way(self) -> "Closure":
        return self.tap_link("The way to its last day", Closure)


class Closure(Screen):
    heading = "The way to its last day"

    def left(self) -> Locator:
        """What stands between the house and its last day."""
        return self.page.locator("#left")

    def should_stand_between(self, *words: str) -> "Closure":
        for one in words:
            expect(self.left()).to_contain_text(one)
        return self

    def resident(self, name: str) -> Locator:
        """A resident on the board."""
        return self.page.locator("#board .row", has_text=name)

    def open_resident(self, name: str) -> "Resident":
        self.window.tap(self.resident(name).get_by_role("link").first)
        return Resident(self.window)

    def reach(self, stage: str, day: date, evidence: str, *, refused: str | None = None) -> "Closure":
        """Moves the stage; `refused` is what the page says against it at first."""
        asked = self.tap_link("Move the stage", MoveStage).answer(stage, day, evidence)
        if refused is not None:
            asked.tap_button("Move the stage", MoveStage).should_say(refused)
            return asked.tap_link("Cancel", Closure)
        return asked.tap_button("Move the stage", Closure).should_say("The stage is recorded.")

    def answer_admission(self, words: str) -> "Closure":
        self.window.tap(self.page.locator("#breaches").get_by_role("link", name=re.compile("^Answer")))
        asked = AnswerAdmission(self.window)
        asked.window.tap(asked.page.get_by_role("group", name="Which admission?").locator("label").first)
        asked.write("What did you find, and what was done?", words)
        return asked.tap_button("Answer", Closure).should_say("Looked into")


class MoveStage(Screen):
    heading = "Move the stage"

    def answer(self, stage: str, day: date, evidence: str) -> "MoveStage":
        self.choose(stage)
        self.write_day("When was it reached?", day)
        return self.write("What shows it?", evidence)


class AnswerAdmission(Screen):
    heading = "Answer an admission"


class Resident(Screen):
    heading = re.compile(".+")


class Censuses(Screen):
    heading = "Who sleeps here"

    def start(self, night: date) -> "Census":
        asked = self.tap_link("Start a census", StartCensus)
        asked.write_day("Which night?", night)
        return asked.tap_button("Start a census", Census)


class StartCensus(Screen):
    heading = "Start a census"


class Census(Screen):
    heading = re.compile("^The night of ")

    def tick(self, *names: str) -> "Census":
        for name in names:
            self.window.tap(self.page.locator(".ticks label", has_text=name))
        return self.tap_button("Keep the ticks", Census)

    def say_where(self, name: str, where: str, words: str, since: date) -> "Census":
        self.window.tap(self.page.locator("#others .row", has_text=name).get_by_role("button", name="Say where"))
        asked = SayWhere(self.window).choose(where).write("If not here: where?", words)
        asked.write_day("Since when?", since)
        return asked.tap_button("Keep", Census)

    def add(self, name: str, sex: str, age: int, since: date) -> "Census":
        asked = self.tap_button("Add somebody who is not on the list", AddSomebody)
        asked.write("Name, as it is told", name).choose(sex).write("Age in years", str(age))
        asked.write_day("Since when here?", since)
        return asked.tap_button("Add", Census)

    def finish(self) -> "Census":
        return self.tap_button("Finish the count", Census)

    def difference(self, name: str) -> Locator:
        return self.page.locator("#differences .row", has_text=name)

    def settle(self, name: str, verb: str) -> "Settle":
        self.window.tap(self.difference(name).get_by_role("link", name=verb))
        return Settle(self.window)


class SayWhere(Screen):
    heading = re.compile(".+")


class AddSomebody(Screen):
    heading = "Add somebody"


class Settle(Screen):
    """A form filled with what was told in the house."""

    heading = re.compile("^(Register the child|End the placement|Explain)$")

    def because(self, why: str) -> "Settle":
        return self.select("Why did the stay end?", why)


class Claims(Screen):
    heading = "What the institution reported"

    def report(self, kind: str) -> "ReportWho":
        return self.tap_link(f"Report that {kind}", ReportWho)

    def open(self, name: str) -> "Claim":
        self.window.tap(self.page.locator(".row", has_text=name).get_by_role("link").first)
        return Claim(self.window)


class ReportWho(Screen):
    heading = re.compile("^Report that somebody (came|left)$")

    def send(self) -> "Claim":
        return self.tap_button("Report", Claim)


class Claim(Screen):
    heading = re.compile(".+")


class Resources(Screen):
    heading = "Funders, staff and plan"


class WriteThePlan(Screen):
    heading = "Write the plan"
