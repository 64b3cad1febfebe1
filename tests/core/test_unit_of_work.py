"""What a request leaves behind: all of it, or nothing."""

from sqlalchemy import bindparam, func, select

from app.children.models import Household
from app.core.db import UnitOfWork
from tests.make import actor_for, make_household, reload


def test_a_form_shown_again_leaves_nothing_half_done(db, client_for):
    worker = actor_for(db, "social_worker")
    family = make_household(db)
    client = client_for(worker)
    form = client.open(f"/households/{family.id}/edit").form(f"/households/{family.id}/edit")
    page = client.post_form(f"/households/{family.id}/edit", form | {"capacity": "99"}, status=422)
    assert "99" in page.html
    assert reload(db, family).version == 1
    assert reload(db, family).capacity == 2


def test_what_a_verb_wrote_before_it_refused_is_taken_back(db, client_for, monkeypatch):
    from app.children import household_service
    from app.core.errors import FieldError

    written = household_service.record

    def refuse_late(*arguments, **named):
        written(*arguments, **named)
        raise FieldError("head_name", "Too late")

    worker = actor_for(db, "social_worker")
    family = make_household(db)
    client = client_for(worker)
    form = client.open(f"/households/{family.id}/edit").form(f"/households/{family.id}/edit")
    monkeypatch.setattr(household_service, "record", refuse_late)
    client.post_form(f"/households/{family.id}/edit", form | {"head_name": "Another"}, status=422)
    assert db.scalar(select(func.count()).select_from(Household).where(Household.head_name == "Another")) == 0
    assert reload(db, family).version == 1


def test_columns_are_read_past_the_session_and_records_through_it(db, connection):
    family = make_household(db)
    with UnitOfWork(connection, join_transaction_mode="create_savepoint", autoflush=False) as session:
        wanted = select(Household).where(Household.id == family.id)
        record = session.scalar(wanted)
        assert record is not None
        assert session.execute(wanted).scalar_one() is record
        assert session.scalars(wanted).all() == [record]
        columns = select(Household.id, Household.code.label("told")).where(Household.id == bindparam("sought"))
        row = session.execute(columns, {"sought": family.id}).one()
        assert (row.id, row.told) == (family.id, family.code)
        assert session.scalars(columns, {"sought": family.id}).all() == [family.id]
        assert session.scalar(columns, {"sought": family.id}) == family.id
