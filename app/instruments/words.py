"""How a set of answers stands, and the words of answers that many forms share."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class AnswersState(Word):
    """How a set of answers stands."""

    DRAFT = "draft", N_("Draft, not submitted")
    SUBMITTED = "submitted", N_("Submitted")
    SUPERSEDED = "superseded", N_("Replaced by a newer one")


class SectionState(Word):
    """How far a section of a draft is."""

    TO_DO = "to_do", N_("Not begun")
    STARTED = "started", N_("Not finished")
    DONE = "done", N_("Done")
    NOT_NEEDED = "not_needed", N_("Not needed")

    @property
    def tone(self) -> str:
        """The tone of its word on a page."""
        return {"started": "due", "done": "done"}.get(self.value, "quiet")


class Derived(Word):
    """What follows from answers by a rule of cut-offs."""

    YES = "yes", N_("Yes, by the answers")
    NO = "no", N_("No, by the answers")
    UNKNOWN = "unknown", N_("Not known: not everything was asked, or the age does not fit")


NOT_ASSESSED = "not_assessed"
SCALE = {1: N_("Very bad"), 2: N_("Bad"), 3: N_("Fair"), 4: N_("Good")}
"""The four steps of a scale; not assessed is an answer of its own, never a zero."""


def scale_label(step: int) -> str:
    """The words of a step from 1 (very bad) to 4 (good)."""
    return gettext(SCALE[step])
