"""Cursors: every row once, in order, whatever stands in the key; nothing that this service did not make is read."""

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Date, Integer, column, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.errors import FieldError
from app.core.paging import after, decode_cursor, encode_cursor, page_of

KEYS = st.one_of(
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1),
    st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30),
)


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]


@given(st.lists(KEYS, min_size=1, max_size=4))
def test_a_cursor_brings_back_its_key(key):
    assert decode_cursor(encode_cursor(key), len(key)) == key


@given(st.text(max_size=60))
def test_no_text_makes_a_cursor_fail(text):
    with suppress(FieldError):
        decode_cursor(text, 2)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_no_content_makes_a_cursor_fail(content):
    cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    with pytest.raises(FieldError):
        decode_cursor(cursor, 2)


@pytest.mark.parametrize(
    "key",
    [[datetime(2026, 1, 1, tzinfo=UTC), 1], ["2026-01-01", 1], [date(2026, 1, 1), UUID(int=1)], [1, 1], [1], []],
)
def test_the_key_of_another_list_is_told(key):
    columns = (column("on", Date), column("id", Integer))
    with pytest.raises(FieldError):
        after(select(*columns), columns, encode_cursor(key))


@pytest.mark.parametrize("newest_first", [True, False])
@given(days=st.lists(st.integers(min_value=1, max_value=4), max_size=12), limit=st.integers(min_value=1, max_value=5))
def test_stretch_by_stretch_is_the_whole_list(newest_first, days, limit):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    key = (Thing.on, Thing.id)
    with Session(engine) as db:
        if days:
            rows = [{"id": number, "on": date(2026, 1, day)} for number, day in enumerate(days)]
            db.execute(insert(Thing), rows)
        expected = [(date(2026, 1, day), number) for number, day in enumerate(days)]
        seen: list[tuple[date, int]] = []
        cursor = None
        while True:
            statement = after(select(Thing.on, Thing.id), key, cursor, newest_first=newest_first)
            found = db.execute(statement.limit(limit + 1)).all()
            page = page_of(found, limit, tuple, tuple)
            seen += page.items
            cursor = page.next
            if cursor is None:
                break
    engine.dispose()
    assert seen == sorted(expected, reverse=newest_first)
