"""The short pages on which a referral is filed: what is asked on each, and what of it needs another look.

Nothing is kept on the server between them: every page carries all answers in its form, so going back loses none. For
the browser's own Back see `drafts`.
"""

from collections.abc import Iterator
from enum import IntEnum

from starlette.datastructures import FormData, UploadFile

from app.core.errors import FieldError
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.referrals.schemas import ReferralFile


class Step(IntEnum):
    """The pages, in their order."""

    CONCERN = 1
    URGENCY = 2
    WHERE = 3
    MORE = 4
    CHECK = 5


FIELDS: dict[Step, tuple[str, ...]] = {
    Step.CONCERN: ("concern",),
    Step.URGENCY: ("urgency",),
    Step.WHERE: ("village", "cell", "village_name", "child", "child_hint.sex", "child_hint.age_band"),
    Step.MORE: ("narrative", "suspects[]", "suspect_name"),
}
PLACES = ("village", "cell")


def step_of(field: str) -> Step:
    """The page on which a field is asked for."""
    name = field.partition(".")[0].removesuffix("[]")
    for step, fields in FIELDS.items():
        if name in {asked.partition(".")[0].removesuffix("[]") for asked in fields}:
            return step
    return Step.CHECK


def carried(form: Form, step: Step) -> Iterator[tuple[str, str]]:
    """What the page of a step carries unseen: the answers of all other pages."""
    yield "id", form.value("id")
    for other, fields in FIELDS.items():
        if other is not step:
            yield from ((name, value) for name in fields for value in form.values(name) if value.strip())


def answered(form: Form) -> Iterator[tuple[str, str]]:
    """All answers so far, and whether they were on the page that checks them."""
    yield from carried(form, Step.CHECK)
    if form.value("_checked") == "yes":
        yield "_checked", "yes"


def command_of(form: Form) -> ReferralFile | None:
    """The command that the answers make, or None with the form's errors filled.

    A village that is not in the list goes before the one that was proposed, a child that was chosen before a
    description.
    """
    left_out = set()
    if form.value("village_name").strip() or form.value("cell").strip():
        left_out.add("village")
    if form.value("child").strip():
        left_out |= {"child_hint.sex", "child_hint.age_band"}
    asked = ("id", *(name for fields in FIELDS.values() for name in fields))
    given: list[tuple[str, str | UploadFile]] = [
        (name, value) for name in asked if name not in left_out for value in form.values(name)
    ]
    answers = Form(FormData(given))
    command = answers.bind(ReferralFile)
    form.status = answers.status
    form.errors.extend(
        (field, _IN_WORDS[field]()) if _unanswered(form, field) else (field, message)
        for field, message in answers.errors
    )
    if command is not None and command.cell is None and command.village_name is not None:
        form.fail(FieldError("cell", _("Choose the cell in which the village lies")))
        return None
    if command is not None and command.cell is not None and command.village_name is None:
        form.fail(FieldError("village_name", _("Write the name of the village")))
        return None
    return command


def _unanswered(form: Form, field: str) -> bool:
    return field in _IN_WORDS and not form.value(field).strip()


_IN_WORDS = {
    "concern": lambda: _("Choose the worry that fits best"),
    "urgency": lambda: _("Choose how urgent it is"),
}


def keep_errors_until(form: Form, step: Step) -> Step:
    """Drops what is wrong on pages that were not reached yet; gives the first page that needs another look."""
    form.errors = [(field, message) for field, message in form.errors if step_of(field) <= step]
    return min((step_of(field) for field, _message in form.errors), default=step)
