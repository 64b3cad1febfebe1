"""Paper, for the tests of the house."""

from tests.house.parts import Part

PART = Part(plain={"sheet": {"/paper/{sheet}": "visit_form"}})
