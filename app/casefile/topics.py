"""What a child's file holds beside the story, and where each step of the way home is done."""

from app.casefile.words import Step
from app.core.i18n import N_
from app.tasks.words import TaskKind

TOPICS: tuple[tuple[str, str, str], ...] = (
    ("case", N_("The case"), "folder-open"),
    ("record", N_("The record in full"), "circle-user"),
    ("instruments", N_("Assessments and forms"), "clipboard-list"),
    ("tracing", N_("The search for the family"), "search"),
    ("decisions", N_("Decisions"), "scale"),
    ("preparation", N_("Preparing a placement"), "house-heart"),
    ("plan", N_("The plan"), "list-checks"),
    ("services", N_("Services"), "hand-heart"),
    ("sessions", N_("Psychological sessions"), "message-square"),
    ("whereabouts", N_("Where the child was"), "map-pin"),
    ("consents", N_("Consent"), "handshake"),
    ("conferences", N_("Case conferences"), "users"),
    ("hand-overs", N_("Hand-overs"), "refresh-cw"),
    ("documents", N_("Documents"), "file-text"),
    ("paper", N_("Print from the file"), "printer"),
)
"""The last part of the address under the child's, the words, and the icon."""

ADDRESS_OF_STEP: dict[Step, str] = {
    Step.CASE: "case/new",
    Step.ASSESSMENT: "instruments",
    Step.TRACING: "tracing",
    Step.DECISION: "decisions",
    Step.MATCHING: "matching",
    Step.PREPARATION: "preparation",
    Step.PLACEMENT: "placements/new",
    Step.PLAN: "plan",
    Step.VISITS: "",
    Step.REVIEW: "plan",
    Step.CLOSURE: "case",
}
"""The last part of the address under the child's where a step is done; visits are logged from their own card."""

STEP_OF_TASK: dict[TaskKind, Step] = {
    TaskKind.ASSESS: Step.ASSESSMENT,
    TaskKind.TRACE: Step.TRACING,
    TaskKind.DECIDE_AGAIN: Step.DECISION,
    TaskKind.PREPARE: Step.PREPARATION,
    TaskKind.PLAN: Step.PLAN,
    TaskKind.VISIT: Step.VISITS,
    TaskKind.REVIEW: Step.REVIEW,
}
"""The step that a task asks for, so that a child's page says it once."""
