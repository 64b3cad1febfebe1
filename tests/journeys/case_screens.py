"""Pages of the case work: the case, the forms, the search, the decision, the preparation, the plan and the end."""

import re
from datetime import date
from typing import Self, TypeVar

from playwright.sync_api import Locator, expect

from tests.journeys.child_screens import Child, RegisterChild
from tests.journeys.referral_screens import Referral
from tests.journeys.screens import Screen, labelled

S = TypeVar("S", bound=Screen)


class Step(Screen):
    """A page with groups of questions, of which several may have the same words."""

    heading = re.compile(".+")

    def pick(self, question: str, answer: str) -> Self:
        """Taps an answer of one question."""
        group = self.page.get_by_role("group", name=labelled(question)).first
        self.window.tap(group.locator("label").get_by_text(answer, exact=True))
        return self

    def tell(self, label: str, words: str) -> Self:
        """Writes into the first box with a label."""
        self.window.write(self.page.get_by_label(labelled(label)).first, words)
        return self

    def first_answer(self, question: str) -> Self:
        """Taps the first of several answers, whatever it is."""
        self.window.tap(self.page.get_by_role("group", name=labelled(question)).locator("label").first)
        return self

    def take(self, label: str, words: str) -> Self:
        """Chooses from the first list with a label."""
        self.page.get_by_label(labelled(label)).first.select_option(label=words)
        return self


class AcceptedReferral(Referral):
    """A referral that the district works on, seen by somebody who may register the child."""

    def register_child(self) -> RegisterChild:
        return self.tap_button("Register the child", RegisterChild)


class CaseChild(Child):
    """A child's page with its way home."""

    def should_come_next(self, words: str) -> Self:
        """The one main action says what comes next."""
        expect(self.goes_on()).to_have_text(re.compile(rf"^\s*{re.escape(words)}\s*$"))
        return self

    def go_on(self, then: type[S]) -> S:
        self.window.tap(self.goes_on())
        return then(self.window)

    def should_have_done(self, steps: int) -> Self:
        expect(self.page.locator("#way")).to_contain_text(f"Steps done {steps} of 11")
        return self


class OpenCase(Step):
    heading = "Open the case"

    def neglect(self, when: date, why: str) -> "Case":
        self.take("What is the worry?", "Neglect").take("Through whom?", "A friend of the family (IZU)")
        self.pick("Risk", "Medium risk").tell("Why?", why)
        return self.tap_button("Open the case", Case)


class Case(Step):
    heading = "The case"

    def see_child(self) -> "RecordContact":
        self.window.tap(self.goes_on())
        return RecordContact(self.window)

    def close(self) -> "CloseCase":
        return self.tap_link("Close the case", CloseCase)


class RecordContact(Step):
    heading = "Record a contact"

    def saw_the_child(self) -> Case:
        self.pick("How?", "Went there").pick("What came of it?", "The child was seen")
        return self.tap_button("Record it", Case)


class Forms(Step):
    heading = "Forms about the child"

    def start(self, title: str) -> "Draft":
        self.window.tap(self.page.get_by_role("button", name=f"Start: {title}"))
        return Draft(self.window)


class Draft(Step):
    def begin(self) -> "Section":
        self.window.tap(self.goes_on())
        return Section(self.window)

    def submit(self) -> "Answers":
        self.window.tap(self.goes_on())
        return CheckAnswers(self.window).tap_button("Submit", Answers)


class Section(Step):
    """The parts of a form; one of them is looked at as a whole, for they are all drawn the same way."""

    def go_on(self) -> Self:
        before = self.page.url
        self.window.tap(self.page.get_by_role("button", name="Save and continue"))
        expect(self.page).not_to_have_url(before)
        return self

    def end(self) -> Draft:
        self.go_on()
        return Draft(self.window)


class CheckAnswers(Screen):
    heading = "Check the answers"


class Answers(Step):
    pass


class Search(Step):
    heading = "The search for the family"

    def open_search(self) -> "OpenSearch":
        return self.tap_link("Open the search", OpenSearch)

    def add_relative(self) -> "AddRelative":
        return self.tap_link("Add a relative", AddRelative)

    def open(self, name: str) -> "Relative":
        return self.tap_link(name, Relative)

    def end(self, how: str) -> "Search":
        return (
            self.tap_link("End the search", EndSearch).pick("How did it end?", how).tap_button("End the search", Search)
        )


class OpenSearch(Step):
    heading = "Open the search"


class EndSearch(Step):
    heading = "End the search"


class AddRelative(Step):
    heading = "Add a relative"

    def grandmother(self, name: str) -> Search:
        self.tell("Name", name).take("What are they to the child?", "Grandparent").pick("Life", "Alive")
        self.pick("Would they care for the child?", "Cannot or does not want to")
        self.tell("What they said", "She is ill, and wants to see the child every week")
        self.pick("What does the child wish?", "Wants contact")
        return self.tap_button("Add a relative", Search)


class Relative(Step):
    def verify(self, by: str, on: date) -> "Relative":
        page = self.tap_link("Verify", Verify).pick("What did the check find?", "Verified").tell("By whom", by)
        page.tell("How was it checked?", "The child knew her at once, and the cell leader knows both")
        return page.write_day("Day", on).tap_button("Verify", Relative)


class Verify(Step):
    heading = "Verify"


class WriteDecision(Step):
    heading = "Write a decision"

    def foster(self, on: date, panel: dict[str, str]) -> "Decision":
        self.write_day("Day of the panel", on)
        for number, (name, role) in enumerate(panel.items(), start=1):
            self.tell(f"Name, person {number}", name).tell(f"Role, person {number}", role)
        self.pick("Why can the child not be with the parents?", "Both parents died")
        self.tell("Why is it necessary?", "Nobody of the family can take the child in.")
        self.pick("What was decided: how will the child live?", "Foster family (Malayika Murinzi)")
        self._weigh(0, "Both parents died this year", "Nobody of the household is left")
        self._weigh(1, "A grandparent is alive and comes every week", "The grandparent is ill")
        self._weigh(2, "A family of the village is approved", "")
        self.tell("Why is it suitable for this child?", "School and grandparent stay near.")
        self.pick("Was the child heard?", "Yes").tell("What did the child say?", "I want to sleep in a house.")
        self.pick("Brothers and sisters", "No brothers or sisters are known")
        return self.tap_button("Save the draft", Decision)

    def _weigh(self, place: int, found: str, why_not: str) -> None:
        option: Locator = self.page.locator("#options details").nth(place)
        self.window.tap(option.get_by_text(re.compile("^It was looked into")))
        option.get_by_label(labelled("What was found?")).fill(found)
        option.get_by_label(labelled("Why not?")).fill(why_not)


class Decision(Step):
    heading = "Foster family (Malayika Murinzi)"

    def send(self) -> "Decision":
        return self.tap_button("Send for approval", Decision)


class Approval(Step):
    """What waits for a supervisor."""

    def read(self, then: type[S]) -> S:
        return self.tap_link("Read what is to be approved", then)

    def approve(self) -> "Approvals":
        return self.tap_button("Approve", Approvals)


class Approvals(Screen):
    heading = "What waits for approval"


class Families(Step):
    heading = "Find a foster family"

    def choose_family(self, head: str, why: str) -> "Families":
        group = self.page.get_by_role("group", name=labelled("Which family?"))
        self.window.tap(group.locator("label", has_text=head))
        return self.tell("Why this family?", why).tap_button("Choose the family", Families)

    def prepare(self) -> "Preparation":
        self.window.tap(self.goes_on())
        return Preparation(self.window)


class Preparation(Step):
    heading = "Preparing a placement"

    def begin(self, on: date) -> "Preparation":
        form = self.tap_link("Begin the preparation", BeginPreparation).write_day(
            "Day on which the child is to move", on
        )
        return form.tap_button("Begin the preparation", Preparation)

    def first_step(self, by: str) -> "Preparation":
        self.window.tap(self.page.locator("main .row a").first)
        return StepDone(self.window).tell("By whom?", by).tap_button("It is done", Preparation)

    def move(self) -> "MoveChild":
        self.window.tap(self.goes_on())
        return MoveChild(self.window)


class BeginPreparation(Step):
    heading = "Begin the preparation"


class StepDone(Step):
    heading = "A step is done"


class MoveChild(Step):
    heading = re.compile("^Move the child: ")

    def to(self, head: str, on: date) -> CaseChild:
        self.window.tap(self.page.locator("main label", has_text=head))
        self.write_day("First day there", on)
        self.take("Why does the placement before it end?", "Moved to a lasting home")
        self.tell("Why does it start all the same?", "The school place is agreed, the papers follow this week.")
        return self.tap_button("Move the child", CaseChild)


class Placement(Step):
    heading = "Foster family (Malayika Murinzi)"

    def give(self, what: str, rwf: int, on: date) -> "Placement":
        form = self.tap_link("Record what was given", RecordGiven).tell("What was given?", what)
        form.tell("What did it cost in all?", str(rwf)).take("Who paid?", "The district").write_day("Given on", on)
        return form.tap_button("Record what was given", Placement)


class RecordGiven(Step):
    heading = "Record what was given"


class Plan(Step):
    heading = re.compile("^Plan")

    def write_aim(self, aim: str) -> "Plan":
        form = self.tap_link("Write the plan", WritePlan)
        return form.tell("What shall be different for the child at the end?", aim).tap_button(
            "Go on to goals and actions", Plan
        )

    def add_goal(self, goal: str, part: str) -> "Plan":
        form = self.tap_link("Add a goal", PlanPart).tell("What shall be true?", goal).take("Part of life", part)
        return form.tap_button("Add a goal", Plan)

    def add_action(self, what: str, until: date) -> "Plan":
        form = self.tap_link("Add an action", PlanPart).tell("What is done?", what)
        form.pick("Who does it?", "An office of the programme").write_day("Until when", until)
        return form.tap_button("Add an action", Plan)

    def ask(self) -> "Plan":
        return self.tap_button("Ask for approval", Plan)

    def decide(self) -> Approval:
        return self.tap_link("Decide about this plan", Approval)

    def review(self, said: str, again: date) -> "Plan":
        form = self.tap_link("Review the plan", ReviewPlan).pick("Was the child heard?", "Yes")
        form.tell("What did the child say?", said).tell("What has changed since the last time?", "A bed of her own.")
        form.pick("What follows?", "The plan goes on as it is").write_day("Next review", again)
        return form.tap_button("Record the review", Plan)


class WritePlan(Step):
    heading = "Write the plan"


class PlanPart(Step):
    heading = re.compile("^Add an? ")


class ReviewPlan(Step):
    heading = "Review the plan"


class CloseCase(Step):
    heading = "Close the case"

    def goals_are_met(self, how: str) -> Case:
        self.pick("Why is the case closed?", "The goals are met, and the child is well cared for")
        return self.tell("How it came to this", how).tap_button("Close the case", Case)
