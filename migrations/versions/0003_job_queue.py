"""The tables of the job queue, as its package ships them.

A later release of the package that changes its tables brings migrations of its own (procrastinate.sql.migrations);
they are to be run by a migration here when the pinned release moves.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Straight to the driver: the text has percent signs that are not parameters.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
    op.execute("""
        do $$ declare thing record; begin
            for thing in select tablename from pg_tables
                where schemaname = 'public' and tablename like 'procrastinate%' loop
                execute format('grant select, insert, update, delete on %I to tubarerere_worker', thing.tablename);
            end loop;
            for thing in select sequencename from pg_sequences
                where schemaname = 'public' and sequencename like 'procrastinate%' loop
                execute format('grant usage on sequence %I to tubarerere_worker', thing.sequencename);
            end loop;
        end $$
    """)


def downgrade() -> None:
    op.execute("""
        do $$ declare thing record; begin
            for thing in select tablename from pg_tables
                where schemaname = 'public' and tablename like 'procrastinate%' loop
                execute format('drop table %I cascade', thing.tablename);
            end loop;
            for thing in select oid::regprocedure as signature from pg_proc
                where pronamespace = 'public'::regnamespace and proname like 'procrastinate%' loop
                execute format('drop function %s cascade', thing.signature);
            end loop;
            for thing in select typname from pg_type
                where typnamespace = 'public'::regnamespace and typname like 'procrastinate%'
                    and typtype in ('e', 'c') loop
                execute format('drop type if exists %I cascade', thing.typname);
            end loop;
        end $$
    """)
