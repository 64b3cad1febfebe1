"""Up, down and up again on a filled database, and no difference between the tables and the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session

from app.core.migrate import migrate, newest_revision
from app.tables import metadata
from tests.house.parts import PARTS
from tests.make import actor_for, make_child, make_household, make_placement, make_referral, make_visit


def _fill(db: Session) -> None:
    volunteer = actor_for(db, "volunteer")
    child = make_child(db)
    placement = make_placement(db, child, household=make_household(db))
    make_visit(db, placement)
    make_referral(db, volunteer)


def test_up_down_up_on_a_filled_database(new_database):
    engine = create_engine(new_database())
    with Session(engine) as db, db.begin():
        _fill(db)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        revisions = [script.revision for script in ScriptDirectory("migrations").walk_revisions()]
        for revision in [*revisions[1:], "base"]:
            migrate(connection, revision)
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
        assert left == set(), "a downgrade leaves tables behind"
        connection.rollback()
        migrate(connection)
        assert set(inspect(connection).get_table_names()) == tables
        assert connection.scalar(text("select version_num from alembic_version")) == newest_revision()
    engine.dispose()


def test_all_but_the_first_step_keep_what_is_recorded(new_database):
    engine = create_engine(new_database())
    with Session(engine) as db, db.begin():
        _fill(db)
    with engine.connect() as connection:
        migrate(connection, "0001")
        migrate(connection)
        assert connection.scalar(text("select count(*) from children")) == 1
        assert connection.scalar(text("select count(*) from referral_hops")) == 1
    engine.dispose()


def test_models_and_tables_are_the_same(connection):
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
        return not (kind == "table" and str(name).startswith("procrastinate_"))

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
    assert compare_metadata(context, metadata) == []


def test_every_table_with_records_of_children_is_locked_twice(connection):
    open_tables = {
        "accounts", "alembic_version", "appointments", "audit_events", "audit_seals", "audit_unsealed",
        "institutions", "ladder_clocks", "place_aliases", "place_names", "place_releases", "place_successions",
        "places", "posts", "quoted_figures", "sign_ins", "visit_schedules",
    }  # fmt: skip
    unlocked = connection.scalars(
        text(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
            "and not relrowsecurity and relname not like 'procrastinate%'"
        )
    ).all()
    assert set(unlocked) <= open_tables | {table for part in PARTS for table in part.open_tables}
