"""What is asked of a sheet."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import Command
from app.core.text import Line, Name
from app.paper.words import ForWhom, SheetKind


class DecisionPrint(Command):
    """Prints a decision of the panel."""

    for_whom: Annotated[ForWhom, Field(description="Whether the sheet leaves the service.")] = ForWhom.OWN
    receiver: Annotated[
        Name | None, Field(description="The organisation or person outside who gets the sheet; they must be named.")
    ] = None
    names: Annotated[bool, Field(description="With the child's name; code and initials stand there otherwise.")] = False
    reason: Annotated[Line | None, Field(description="Why the name is needed; asked where it is.")] = None


class SheetPrint(DecisionPrint):
    """Prints a sheet of a child's file."""

    sheet: Annotated[SheetKind, Field(description="Which sheet.")]
