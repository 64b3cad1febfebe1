"""From a section's form to what the rules read, and from kept answers back into the boxes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData, UploadFile

from app.core.forms import Form
from app.instruments.definitions import Question

PREFIX = "q-"
_PARTS = ("year", "month", "day")


def typed(form: Form, questions: Iterable[Question]) -> dict[str, Any]:
    """What was typed, by question; the date of three boxes is one text."""
    return {question.key: _typed(form, question) for question in questions}


def _typed(form: Form, question: Question) -> Any:
    name = PREFIX + question.key
    if question.kind == "choices":
        return form.values(f"{name}[]")
    if question.kind == "date":
        parts = [_first(form, f"{name}-{part}").strip() for part in _PARTS]
        return f"{parts[0]}-{parts[1].zfill(2)}-{parts[2].zfill(2)}" if any(parts) else None
    return _first(form, name)


def _first(form: Form, name: str) -> str:
    return next(iter(form.values(name)), "")


def filled(questions: Iterable[Question], values: Mapping[str, Any]) -> Form:
    """A form whose boxes hold kept answers."""
    pairs: list[tuple[str, str | UploadFile]] = []
    for question in questions:
        value, name = values.get(question.key), PREFIX + question.key
        if value is None:
            continue
        match question.kind:
            case "yes_no":
                pairs.append((name, "yes" if value else "no"))
            case "choices":
                pairs += [(f"{name}[]", item) for item in value]
            case "date":
                pairs += [(f"{name}-{part}", text) for part, text in zip(_PARTS, value.split("-"), strict=True)]
            case _:
                pairs.append((name, str(value)))
    return Form(FormData(pairs))


def begun(questions: Iterable[Question], today: date) -> dict[str, str]:
    """What stands in the boxes of a part that nobody has saved yet: today, where the day of the form is asked for.

    That is a day which is needed, cannot lie ahead, and does not depend on another answer.
    """
    asked = (one for one in questions if one.kind == "date" and one.required and not one.future and not one.when)
    return {one.key: today.isoformat() for one in asked}


def at_boxes(form: Form) -> None:
    """Puts complaints about questions at the boxes of the page."""
    form.errors = [(PREFIX + field if field else "", message) for field, message in form.errors]
