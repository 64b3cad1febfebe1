"""What the numbers rest on to be quick; whether they are, `make bench` measures."""

from datetime import date

import pytest
from sqlalchemy import String, func, literal, select, text

from app.access.area import COUNTRY_CODE, area_of
from app.core.db import written_out
from app.indicators.catalogue import CATALOGUE
from app.indicators.queries import _counting
from app.indicators.rules import Period
from app.indicators.words import Dimension

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("code", ["I05", "I06"])
def test_first_exits_are_read_from_their_index(db, code):
    # The kinds stand in the index as well: where they differ from the words, the planner cannot use it.
    statement = _counting(CATALOGUE[code], Period(DAY, DAY), area_of(COUNTRY_CODE), Dimension.DISTRICT)
    db.execute(text("set local enable_seqscan = off"))
    plan = "\n".join(db.scalars(text(f"explain {statement.text}")))
    assert plan.count("using ix_placements_exits") == 2


@pytest.mark.parametrize("value", ["it's", "a:b :c ::d", "100 %s %%", r"\:x \ ", "“é”"])
def test_a_statement_with_its_values_written_out_says_the_same(db, value):
    statement = select(literal(value, String).label("one"), func.length(literal(value, String)).label("two"))
    row = db.execute(written_out(statement)).one()
    assert (row.one, row.two) == (value, len(value))
