"""The sheets, and for whom they are."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class SheetKind(Word):
    """What can be printed of a child's file."""

    CASE_FILE = "case_file", N_("Case file")
    VISIT_FORM = "visit_form", N_("Visit form to carry")
    HAND_OVER = "hand_over", N_("Hand-over note")

    @property
    def hint(self) -> str:
        """What it is for."""
        return gettext(_HINTS[self.value])


class ForWhom(Word):
    """Where a sheet goes."""

    OWN = "own", N_("For work inside the service")
    OUTSIDE = "outside", N_("For somebody outside")

    @property
    def hint(self) -> str:
        """What follows from it."""
        return gettext(_HINTS[self.value])


_HINTS = {
    "case_file": N_("All that happened, for the worker's own office or a court that asks for it"),
    "visit_form": N_("For a visit without a telephone: what was found last time, and room to write"),
    "hand_over": N_("What the next worker has to know and to do"),
    "own": N_("Your own work, or the next worker's. It needs no consent."),
    "outside": N_("A provider, a school, a court, a person. The consent is looked up first."),
}
