"""Vocabularies: closed lists whose members carry the code that is stored and the words that people read."""

from enum import StrEnum
from typing import Self

from app.core.i18n import gettext


class Word(StrEnum):
    """A code with its words: `MEDIUM = "medium", N_("Medium")`.

    The code is what is stored and sent; the label is translated at the moment it is shown.
    """

    msgid: str

    def __new__(cls, code: str, msgid: str = "") -> Self:
        # The words have a default so that a type checker reads `Role("volunteer")` as the look-up that it is.
        word = str.__new__(cls, code)
        word._value_ = code
        word.msgid = msgid
        return word

    @property
    def label(self) -> str:
        """The words for this code in the current language."""
        return gettext(self.msgid)
