"""Pages of a referral: filing it, and its way up and down the ladder."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.screens import Screen, labelled
from tests.journeys.window import Window


class WhatIsTheWorry(Screen):
    heading = "What is the worry?"

    def worry(self, concern: str) -> "HowUrgent":
        self.choose(concern)
        return self.tap_button("Continue", HowUrgent)


class HowUrgent(Screen):
    heading = "How urgent is it?"

    def urgency(self, urgency: str) -> "WhereAndWho":
        self.choose(urgency)
        return self.tap_button("Continue", WhereAndWho)


class WhereAndWho(Screen):
    heading = "Where is it, and who is the child?"

    def proposed_village(self) -> Locator:
        """The village that stands there already."""
        return self.page.locator(".place-chosen")

    def girl(self) -> "MoreToTell":
        """The own village is right; the child is a girl."""
        self.choose("Girl")
        return self.tap_button("Continue", MoreToTell)


class MoreToTell(Screen):
    heading = "Is there more to tell?"

    def tell(self, words: str) -> "CheckBeforeSending":
        self.write("What happened? Who can help to find the child?", words)
        return self.tap_button("Continue", CheckBeforeSending)


class CheckBeforeSending(Screen):
    heading = "Check before you send"

    def back_and_forth(self, words: str) -> "CheckBeforeSending":
        """The browser's own Back shows the pages before as they were left, and Forward comes here again."""
        self.page.go_back()
        MoreToTell(self.window)
        expect(self.page.get_by_label(labelled("What happened? Who can help to find the child?"))).to_have_value(words)
        self.page.go_back()
        WhereAndWho(self.window)
        self.page.go_forward()
        self.page.go_forward()
        return CheckBeforeSending(self.window)

    def send(self) -> "Referral":
        return self.tap_button(re.compile("^Send to the "), Referral)


class Referral(Screen):
    """One referral as a ladder."""

    heading = re.compile(".+")

    @property
    def code(self) -> str:
        found = re.search(r"REF-\w+", self.page.locator("main").inner_text())
        assert found, "a referral without its code"
        return found[0]

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.window.address)

    def should_be_at(self, level: str) -> "Referral":
        """The rung that holds it is drawn as the one that does."""
        expect(self.page.locator(".ladder .rung[aria-current]")).to_contain_text(level)
        return self

    def acknowledge(self) -> "Referral":
        return self.tap_button("Acknowledge", Referral)

    def accept(self) -> "Referral":
        return self.tap_button("Accept", Referral)

    def ask(self, verb: str) -> "Question":
        """Presses what asks one more question."""
        return self.tap_link(verb, Question)

    def see_all_that_happened(self) -> "Referral":
        self.unfold("All that happened")
        return self


class Question(Screen):
    """The page on which a verb asks its one question."""

    heading = re.compile("^(Return|Escalate|Resolve|Answer|Withdraw)")

    def say(self, label: str, words: str) -> Referral:
        self.write(label, words)
        return self.send()

    def send(self) -> Referral:
        self.window.tap(self.goes_on())
        return Referral(self.window)


class Referrals(Screen):
    heading = re.compile("^(Referrals|Your referrals)")

    def open(self, code: str) -> Referral:
        self.window.tap(self.page.locator(".row", has_text=code).get_by_role("link").first)
        return Referral(self.window)


def open_referral(window: Window, path: str) -> Referral:
    """Opens a referral by its address, as from a message."""
    window.open(path)
    return Referral(window)
