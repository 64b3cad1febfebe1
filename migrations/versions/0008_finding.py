"""Finding a child: keys of names, likely duplicates, records joined and parted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.children.matching import Person, found_by
from app.core.second_lock import IN_AREA, lock_table, open_table, unlock_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WEB = "tubarerere_web"
ROWS_AT_ONCE = 2000

# A record that was joined into another is out of sight for everybody; permissive policies cannot bring it back.
NOT_JOINED = "joined_into is null or id = (select tubarerere_hand())"

# As in 0002, but by how names sound, among all names of a child, and without records that were joined into others.
SEARCH = """
create or replace function search_children(query text, lo integer, hi integer, most integer) returns setof uuid
language plpgsql stable security definer rows 25 set search_path = public
set pg_trgm.word_similarity_threshold = 0.5 set plan_cache_mode = force_generic_plan as $$
declare
    first integer := greatest(lo, tubarerere_lo());
    last integer := least(hi, tubarerere_hi());
    post uuid := tubarerere_post();
    home uuid := tubarerere_institution();
begin
    return query
    with found as (
        (select t.id, t.{name} as heard from children t
         where first / 1000000 = last / 1000000 and t.district_code = first / 1000000
           and t.area_code + 0 between first and last and query <% t.{name} {living})
        union
        (select t.id, t.{name} from children t
         where first / 1000000 < last / 1000000 and t.district_code between first / 1000000 and last / 1000000
           and t.area_code + 0 between first and last and query <% t.{name} {living})
        union
        (select t.id, t.{name} from children t
         where (t.responsible_post_id = post or t.institution_id = home)
           and t.area_code + 0 not between first and last and t.area_code + 0 between lo and hi
           and query <% (t.{name} || '') {living})
    )
    select f.id from found f
    order by word_similarity(query, f.heard) desc, similarity(query, f.heard) desc, f.id limit most;
end
$$
"""

# Whose record may be the same is asked of the whole country. What comes out is for scoring only: the service shows of
# a record beyond the actor's reach its code and district (app/children/duplicates.py). Nobody without a place asks.
CANDIDATES = """
create function duplicate_candidates(sought text[], heard text, most integer) returns table (
    id uuid, code varchar, given_name varchar, family_name varchar, other_names varchar[], sex varchar, born_on date,
    birth_precision varchar, origin_place_code integer, district_code integer, restricted boolean
)
language sql stable security definer rows 100 set search_path = public as $$
    select c.id, c.code, c.given_name, c.family_name, c.other_names, c.sex, c.born_on, c.birth_precision,
        c.origin_place_code, c.district_code, c.restricted
    from children c
    where c.name_keys && sought::varchar[] and c.joined_into is null and tubarerere_lo() <= tubarerere_hi()
    order by similarity(c.sounds, heard) desc, c.id
    limit most
$$
"""

# Who is to be asked about a record beyond reach: its district and the post that holds it.
OWNER = """
create function duplicate_owner(child uuid) returns table (code varchar, district integer, post uuid, sealed boolean)
language sql stable security definer set search_path = public as $$
    select c.code, c.district_code, c.responsible_post_id, c.restricted
    from children c
    where c.id = child and c.joined_into is null and tubarerere_lo() <= tubarerere_hi()
$$
"""

# Where a record leads that was joined into another. Whether the other one may be seen is asked by who calls.
LEADS_TO = """
create function joined_into(child uuid) returns uuid
language sql stable security definer set search_path = public as $$
    select c.joined_into from children c where c.id = child
$$
"""

# Where a child lives is what its open placement says.
LIVES = """
create function tubarerere_lives(child uuid) returns void language plpgsql set search_path = public as $$
declare
    home placements;
begin
    select * into home from placements p where p.child_id = child and p.ended_on is null;
    update children set institution_id = home.institution_id, household_id = home.household_id, lives_as = home.kind,
        lives_since = home.started_on, area_code = coalesce(home.area_code, area_code)
    where id = child;
end
$$
"""

# Everything that points at the joined child points at the kept one afterwards; what moved is remembered row by row.
# The function belongs to the owner, because no one role reads all rows of a child: it does one thing, for a join that
# is agreed, where one of the two children is in its caller's reach.
MOVE = """
create function join_children(join_id uuid, on_day date) returns void
language plpgsql security definer set search_path = public as $$
declare
    wanted child_joins;
    kept children;
    gone children;
    link record;
    found record;
    double cases;
    went jsonb := '[]';
    stayed_there jsonb := '[]';
begin
    select * into wanted from child_joins where id = join_id and state = 'asked' for update;
    if wanted.id is null or not wanted.near_agreed or not wanted.far_agreed then
        raise exception 'not agreed' using errcode = 'insufficient_privilege';
    end if;
    perform from children where id in (wanted.kept_id, wanted.joined_id) order by id for update;
    select * into kept from children where id = wanted.kept_id;
    select * into gone from children where id = wanted.joined_id;
    if kept.joined_into is not null or gone.joined_into is not null
        or exists (select from children where joined_into = gone.id) then
        raise exception 'joined already' using errcode = 'object_not_in_prerequisite_state';
    end if;
    if not (kept.area_code between tubarerere_lo() and tubarerere_hi()
            or gone.area_code between tubarerere_lo() and tubarerere_hi()) then
        raise exception 'out of reach' using errcode = 'insufficient_privilege';
    end if;
    -- A child has one open case: where both have one, the joined record's is closed as a duplicate.
    if exists (select from cases where child_id = kept.id and closed_on is null) then
        select * into double from cases where child_id = gone.id and closed_on is null;
        update cases set state = 'closed', closed_on = greatest(on_day, opened_on), closing_reason = 'duplicate',
            version = version + 1
        where id = double.id;
    end if;
    for link in
        select class.relname as table_name, attribute.attname as column_name
        from pg_class class
        join pg_attribute attribute on attribute.attrelid = class.oid and not attribute.attisdropped
        where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace
            and class.oid not in ('children'::regclass, 'child_joins'::regclass)
            and (attribute.attname = 'child_id' or exists (
                select from pg_constraint tie
                where tie.conrelid = class.oid and tie.contype = 'f' and tie.confrelid = 'children'::regclass
                    and tie.conkey = array[attribute.attnum]))
        order by 1, 2
    loop
        for found in execute format('select id from %I where %I = $1 order by id', link.table_name, link.column_name)
            using gone.id
        loop
            begin
                execute format('update %I set %I = $1 where id = $2', link.table_name, link.column_name)
                    using kept.id, found.id;
                went := went
                    || jsonb_build_object('table', link.table_name, 'column', link.column_name, 'id', found.id);
            exception when unique_violation or check_violation then
                -- Each record has one of these, or it ties the two together: it stays where it is, out of sight.
                stayed_there := stayed_there
                    || jsonb_build_object('table', link.table_name, 'column', link.column_name, 'id', found.id);
            end;
        end loop;
    end loop;
    update children set joined_into = kept.id, institution_id = null, household_id = null, lives_as = null,
        lives_since = null
    where id = gone.id;
    update children set
        other_names = other_names || array(
            select name from unnest(gone.other_names || trim(gone.given_name || ' ' || gone.family_name)::varchar) name
            where name <> all (kept.other_names || trim(kept.given_name || ' ' || kept.family_name)::varchar)),
        name_keys = name_keys || array(
            select held from unnest(gone.name_keys) held where held <> all (kept.name_keys)),
        sounds = sounds || ' ' || gone.sounds
    where id = kept.id;
    if kept.lives_as is null and gone.lives_as is not null then
        perform tubarerere_lives(kept.id);
    end if;
    update child_joins set state = 'joined', joined_at = now(), moved = went, stayed = stayed_there,
        version = version + 1,
        before = jsonb_build_object('kept', to_jsonb(kept), 'joined', to_jsonb(gone), 'case', to_jsonb(double))
    where id = wanted.id;
end
$$
"""

# The way back: what moved returns, also where it was changed meanwhile; what was written since stays with the kept one.
RETURN = """
create function part_children(join_id uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
    wanted child_joins;
    kept children;
    image children;
    gone children;
    double cases;
    one jsonb;
begin
    select * into wanted from child_joins where id = join_id and state = 'joined' for update;
    if wanted.id is null or wanted.parting_reason is null then
        raise exception 'not joined' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform from children where id in (wanted.kept_id, wanted.joined_id) order by id for update;
    select * into kept from children where id = wanted.kept_id;
    if kept.joined_into is not null then
        raise exception 'joined again' using errcode = 'object_not_in_prerequisite_state';
    end if;
    if not (kept.area_code between tubarerere_lo() and tubarerere_hi()) then
        raise exception 'out of reach' using errcode = 'insufficient_privilege';
    end if;
    image := jsonb_populate_record(null::children, wanted.before -> 'kept');
    gone := jsonb_populate_record(null::children, wanted.before -> 'joined');
    for one in select * from jsonb_array_elements(wanted.moved) loop
        execute format('update %I set %I = $1 where id = $2 and %I = $3',
            one ->> 'table', one ->> 'column', one ->> 'column')
            using wanted.joined_id, (one ->> 'id')::uuid, wanted.kept_id;
    end loop;
    if jsonb_typeof(wanted.before -> 'case') = 'object' and wanted.before -> 'case' ->> 'id' is not null then
        double := jsonb_populate_record(null::cases, wanted.before -> 'case');
        update cases set state = double.state, closed_on = double.closed_on, closing_reason = double.closing_reason,
            version = double.version
        where id = double.id and state = 'closed' and closing_reason = 'duplicate';
    end if;
    update children set joined_into = null, area_code = gone.area_code where id = gone.id;
    perform tubarerere_lives(gone.id);
    update children set
        other_names = array(select name from unnest(other_names) with ordinality as held (name, at)
            where name = any (image.other_names)
                or name <> all (gone.other_names || trim(gone.given_name || ' ' || gone.family_name)::varchar)
            order by at),
        name_keys = array(select held from unnest(name_keys) with ordinality as keyed (held, at)
            where held = any (image.name_keys) or held <> all (gone.name_keys) order by at),
        sounds = replace(sounds, ' ' || gone.sounds, ''),
        area_code = case when image.lives_as is null and gone.lives_as is not null then image.area_code
            else area_code end
    where id = kept.id;
    perform tubarerere_lives(kept.id);
    update child_joins set state = 'parted', parted_at = now(), version = version + 1 where id = wanted.id;
end
$$
"""
FUNCTIONS = {
    "duplicate_candidates(text[], text, integer)": CANDIDATES,
    "duplicate_owner(uuid)": OWNER,
    "joined_into(uuid)": LEADS_TO,
    "join_children(uuid, date)": MOVE,
    "part_children(uuid)": RETURN,
}
QUESTIONS = (
    f"{IN_AREA} or asked_by_post_id = (select tubarerere_post()) or to_post_id = (select tubarerere_post()) "
    "or tubarerere_sees_child(child_id)"
)
JOINS = (
    "near_area between (select tubarerere_lo()) and (select tubarerere_hi()) "
    "or far_area between (select tubarerere_lo()) and (select tubarerere_hi()) "
    "or asked_by_post_id = (select tubarerere_post()) or tubarerere_sees_child(kept_id)"
)


def upgrade() -> None:
    _tables()
    _fill()
    op.execute(SEARCH.format(name="sounds", living="and t.joined_into is null"))
    op.execute(LIVES)
    op.execute("revoke all on function tubarerere_lives(uuid) from public")
    for name, definition in FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"revoke all on function {name} from public")
        op.execute(f"grant execute on function {name} to {WEB}")
    op.execute(f"create policy not_joined on children as restrictive for select to {WEB} using ({NOT_JOINED})")
    open_table("duplicate_questions")
    lock_table("duplicate_questions", QUESTIONS)
    open_table("child_joins")
    lock_table("child_joins", JOINS)


def _fill() -> None:
    """How the children are found who are there already: the rules are the application's, so it does it."""
    children = sa.table(
        "children",
        sa.column("id", sa.Uuid()),
        *(sa.column(name) for name in ("given_name", "family_name", "born_on", "birth_precision", "sounds")),
        sa.column("name_keys", postgresql.ARRAY(sa.String())),
    )
    known = children.c.id, children.c.given_name, children.c.family_name, children.c.born_on, children.c.birth_precision
    connection = op.get_bind()
    rows = connection.execute(sa.select(*known)).all()
    change = (
        sa.update(children)
        .where(children.c.id == sa.bindparam("child"))
        .values(sounds=sa.bindparam("heard"), name_keys=sa.bindparam("keys"))
    )
    for start in range(0, len(rows), ROWS_AT_ONCE):
        written = []
        for row in rows[start : start + ROWS_AT_ONCE]:
            person = Person(
                given_name=row.given_name,
                family_name=row.family_name,
                born_on=row.born_on,
                birth_precision=row.birth_precision,
            )
            found = found_by(person)
            written.append({"child": row.id, "heard": found.sounds, "keys": found.name_keys})
        connection.execute(change, written)


def downgrade() -> None:
    unlock_table("child_joins")
    unlock_table("duplicate_questions")
    op.execute("drop policy not_joined on children")
    for name in FUNCTIONS:
        op.execute(f"drop function {name}")
    op.execute("drop function tubarerere_lives(uuid)")
    op.execute(SEARCH.format(name="folded", living=""))
    _no_tables()


def _tables() -> None:
    op.create_table(
        "child_joins",
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("joined_id", sa.Uuid(), nullable=False),
        sa.Column("kept_code", sa.String(), nullable=False),
        sa.Column("joined_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_post_id", sa.Uuid(), nullable=False),
        sa.Column("near_area", sa.Integer(), nullable=False),
        sa.Column("far_area", sa.Integer(), nullable=True),
        sa.Column("far_side_id", sa.Uuid(), nullable=True),
        sa.Column("near_agreed", sa.Boolean(), nullable=False),
        sa.Column("far_agreed", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parting_reason", sa.String(), nullable=True),
        sa.Column("moved", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("stayed", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kept_id <> joined_id", name=op.f("ck_child_joins_two_records")),
        sa.ForeignKeyConstraint(["asked_by_post_id"], ["posts.id"], name=op.f("fk_child_joins_asked_by_post_id")),
        sa.ForeignKeyConstraint(["joined_id"], ["children.id"], name=op.f("fk_child_joins_joined_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["children.id"], name=op.f("fk_child_joins_kept_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_joins")),
    )
    op.create_index("ix_child_joins_far_side_id", "child_joins", ["far_side_id"], unique=False)
    op.create_index("ix_child_joins_joined_id", "child_joins", ["joined_id"], unique=False)
    op.create_index("ix_child_joins_kept_id", "child_joins", ["kept_id"], unique=False)
    op.create_index(
        "ix_child_joins_one",
        "child_joins",
        ["joined_id"],
        unique=True,
        postgresql_where=sa.text("state in ('asked', 'joined')"),
    )
    op.create_table(
        "duplicate_questions",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("other_child_id", sa.Uuid(), nullable=False),
        sa.Column("other_code", sa.String(), nullable=True),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("asked_by_post_id", sa.Uuid(), nullable=False),
        sa.Column("asked_from_area", sa.Integer(), nullable=False),
        sa.Column("to_post_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_note", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(answer is null) = (answered_at is null)", name=op.f("ck_duplicate_questions_answered")),
        sa.CheckConstraint("child_id <> other_child_id", name=op.f("ck_duplicate_questions_two_records")),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_duplicate_questions_answered_by")),
        sa.ForeignKeyConstraint(
            ["asked_by_post_id"], ["posts.id"], name=op.f("fk_duplicate_questions_asked_by_post_id")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_duplicate_questions_child_id")),
        sa.ForeignKeyConstraint(
            ["other_child_id"], ["children.id"], name=op.f("fk_duplicate_questions_other_child_id")
        ),
        sa.ForeignKeyConstraint(["to_post_id"], ["posts.id"], name=op.f("fk_duplicate_questions_to_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_questions")),
    )
    op.create_index("ix_duplicate_questions_child_id", "duplicate_questions", ["child_id"], unique=False)
    op.create_index(
        "ix_duplicate_questions_open",
        "duplicate_questions",
        ["child_id", "other_child_id"],
        unique=True,
        postgresql_where=sa.text("answer is null"),
    )
    op.create_index("ix_duplicate_questions_other_child_id", "duplicate_questions", ["other_child_id"], unique=False)
    op.add_column(
        "children", sa.Column("other_names", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False)
    )
    op.add_column("children", sa.Column("sounds", sa.String(), server_default="", nullable=False))
    op.add_column(
        "children", sa.Column("name_keys", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False)
    )
    op.add_column("children", sa.Column("joined_into", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_children_joined_into",
        "children",
        ["joined_into"],
        unique=False,
        postgresql_where=sa.text("joined_into is not null"),
    )
    op.create_index("ix_children_name_keys", "children", ["name_keys"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_children_sounds",
        "children",
        ["district_code", "sounds"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sounds": "gin_trgm_ops"},
    )
    op.create_foreign_key(op.f("fk_children_joined_into"), "children", "children", ["joined_into"], ["id"])
    op.create_index(
        "ix_households_phone", "households", ["phone"], unique=False, postgresql_where=sa.text("phone is not null")
    )


def _no_tables() -> None:
    op.drop_index("ix_households_phone", table_name="households", postgresql_where=sa.text("phone is not null"))
    op.drop_constraint(op.f("fk_children_joined_into"), "children", type_="foreignkey")
    op.drop_index(
        "ix_children_sounds", table_name="children", postgresql_using="gin", postgresql_ops={"sounds": "gin_trgm_ops"}
    )
    op.drop_index("ix_children_name_keys", table_name="children", postgresql_using="gin")
    op.drop_index("ix_children_joined_into", table_name="children", postgresql_where=sa.text("joined_into is not null"))
    op.drop_column("children", "joined_into")
    op.drop_column("children", "name_keys")
    op.drop_column("children", "sounds")
    op.drop_column("children", "other_names")
    op.drop_index("ix_duplicate_questions_other_child_id", table_name="duplicate_questions")
    op.drop_index(
        "ix_duplicate_questions_open", table_name="duplicate_questions", postgresql_where=sa.text("answer is null")
    )
    op.drop_index("ix_duplicate_questions_child_id", table_name="duplicate_questions")
    op.drop_table("duplicate_questions")
    op.drop_index(
        "ix_child_joins_one", table_name="child_joins", postgresql_where=sa.text("state in ('asked', 'joined')")
    )
    op.drop_index("ix_child_joins_kept_id", table_name="child_joins")
    op.drop_index("ix_child_joins_joined_id", table_name="child_joins")
    op.drop_index("ix_child_joins_far_side_id", table_name="child_joins")
    op.drop_table("child_joins")
