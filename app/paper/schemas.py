"""What is asked of a sheet."""

from pydantic import BaseModel, ConfigDict, Field


class SheetQuery(BaseModel):
    """How a sheet is made."""

    model_config = ConfigDict(extra="forbid")

    names: bool = Field(False, description="With the child's name; code and initials stand there otherwise.")
