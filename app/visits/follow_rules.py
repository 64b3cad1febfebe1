"""What the answers of a visit bring about. Pure: triggers and answers as values."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.tasks.words import TaskKind
from app.visits.words import Safe, Worry

Answer = tuple[str, str]
"""A question and what was answered, such as ("wellbeing.safety", "1")."""

ANY_DOMAIN = "wellbeing.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Which answers to a question bring about what: a risk that is suggested, a task, an alert to the supervisor."""

    code: str
    question: str
    answers: frozenset[str]
    risk: str | None = None
    task: TaskKind | None = None
    due_days: int = 0
    alert: bool = False

    def is_met(self, answer: Answer) -> bool:
        """Whether an answer is one of those."""
        question, given = answer
        any_domain = self.question == ANY_DOMAIN and question.startswith("wellbeing.")
        return (question == self.question or any_domain) and given in self.answers


def _at_once(code: str, question: str, *answers: str) -> Trigger:
    return Trigger(
        code=code,
        question=question,
        answers=frozenset(answers),
        risk="high",
        task=TaskKind.SEE_CHILD,
        due_days=1,
        alert=True,
    )


TRIGGERS = [
    _at_once("not_safe", "safe", Safe.NOT_SAFE.value),
    _at_once("safety_very_bad", "wellbeing.safety", "1"),
    _at_once("care_very_bad", "wellbeing.care", "1"),
    _at_once("violence", "worry", Worry.BEATEN.value, Worry.SEXUAL.value),
    Trigger(
        code="worried",
        question="safe",
        answers=frozenset({Safe.WORRIED.value}),
        task=TaskKind.FOLLOW_WORRY,
        due_days=7,
    ),
    Trigger(
        code="any_worry",
        question="worry",
        answers=frozenset(worry.value for worry in Worry if worry not in {Worry.BEATEN, Worry.SEXUAL}),
        task=TaskKind.FOLLOW_WORRY,
        due_days=7,
    ),
    Trigger(code="very_bad", question=ANY_DOMAIN, answers=frozenset({"1"}), task=TaskKind.FOLLOW_WORRY, due_days=7),
]
"""What the service begins with."""

DEFAULT_TRIGGERS: list[dict[str, object]] = [
    {
        "code": trigger.code,
        "question": trigger.question,
        "answers": sorted(trigger.answers),
        "risk": trigger.risk,
        "task_kind": trigger.task.value if trigger.task else None,
        "due_days": trigger.due_days,
        "alert": trigger.alert,
    }
    for trigger in TRIGGERS
]
"""The same as rows of the table, which the programme may change."""

_GRAVITY = {"low": 1, "medium": 2, "high": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What a visit brings about: the risk that it suggests, the tasks with their days from today, and an alert."""

    risk: str | None = None
    tasks: dict[TaskKind, int] = field(default_factory=dict)
    alert: bool = False
    because: tuple[str, ...] = ()


def what_follows(triggers: Iterable[Trigger], answers: Iterable[Answer]) -> Follows:
    """The gravest risk of all that is met, each task at its earliest day, an alert if any asks for one.

    Who has to see the child at once need not be told to look into the worry as well.
    """
    given = list(answers)
    met = [trigger for trigger in triggers if any(trigger.is_met(answer) for answer in given)]
    risks = [trigger.risk for trigger in met if trigger.risk is not None]
    tasks: dict[TaskKind, int] = {}
    for trigger in met:
        if trigger.task is not None:
            tasks[trigger.task] = min(trigger.due_days, tasks.get(trigger.task, trigger.due_days))
    if TaskKind.SEE_CHILD in tasks:
        tasks.pop(TaskKind.FOLLOW_WORRY, None)
    return Follows(
        risk=max(risks, key=lambda risk: _GRAVITY.get(risk, 0), default=None),
        tasks=tasks,
        alert=any(trigger.alert for trigger in met),
        because=tuple(sorted(trigger.code for trigger in met)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A domain of wellbeing now and on the visit before it, None where it was not assessed."""

    domain: str
    label: str
    now: int | None
    before: int | None

    @property
    def change(self) -> int:
        """How much better it is than the last time; 0 where one of the two is not known."""
        return self.now - self.before if self.now is not None and self.before is not None else 0


def compared(labels: Iterable[tuple[str, str]], now: dict[str, int], before: dict[str, int]) -> list[Scored]:
    """The domains that were assessed now or the time before, in the order of the form."""
    return [
        Scored(domain=domain, label=label, now=now.get(domain), before=before.get(domain))
        for domain, label in labels
        if domain in now or domain in before
    ]
