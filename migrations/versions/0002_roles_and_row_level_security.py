"""Roles that own nothing, and row-level security: the second lock under the application's own scope.

The web binds each transaction to its actor's limits (app/access/scope.py); a policy lets through what lies in them.
Without limits nothing comes out. The worker acts for the service and sees all; its grants are few instead.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = ("tubarerere_web", "tubarerere_worker")

# Each limit is read once a statement: policies call these inside a scalar subquery.
LIMITS = {
    "lo": ("integer", "1"),
    "hi": ("integer", "0"),
    "account": ("uuid", None),
    "post": ("uuid", None),
    "institution": ("uuid", None),
    # The child that a verb of this transaction moves out of its actor's reach: visible until the end of the verb.
    "hand": ("uuid", None),
}

IN_AREA = "area_code between (select tubarerere_lo()) and (select tubarerere_hi())"
# A function that is never inlined, and called cheap: the planner takes `exists` for the price of a look-up in every
# row, also where the area has already answered, and would then rather look up each row than read a table once.
OF_VISIBLE_CHILD = "tubarerere_sees_child(child_id)"
SEES_CHILD = """
create function tubarerere_sees_child(sought uuid) returns boolean language plpgsql stable cost 10 as $$
    begin
        return exists (select from children where id = sought);
    end
$$
"""


def in_area_or(otherwise: str) -> str:
    """What lies in the area, or else fits another limit.

    Written as a case, because the planner cannot know the limits: it would take `between` for one row in two
    hundred, then sort a whole country instead of reading the newest from an index. The indexes serve the
    application's own conditions; this is the second lock.
    """
    return f"case when {IN_AREA} then true else {otherwise} end"


POLICIES = {
    "children": in_area_or(
        "responsible_post_id = (select tubarerere_post()) "
        "or institution_id = (select tubarerere_institution()) or id = (select tubarerere_hand())"
    ),
    "households": in_area_or(
        "created_by = (select tubarerere_account()) "
        "or exists (select from children c where c.household_id = households.id)"
    ),
    "household_members": "exists (select from households h where h.id = household_id)",
    "placements": in_area_or(OF_VISIBLE_CHILD),
    "visits": in_area_or(OF_VISIBLE_CHILD),
    "tasks": in_area_or(f"post_id = (select tubarerere_post()) or {OF_VISIBLE_CHILD}"),
    "referrals": f"({IN_AREA} or author_account_id = (select tubarerere_account())) "
    "and (select tubarerere_account()) <> all (suspect_account_ids)",
    "referral_hops": "exists (select from referrals r where r.id = referral_id)",
    "notices": "account_id = (select tubarerere_account())",
}

# Searching by part of a name cannot use an index under row-level security (LIKE is not leak-proof), so it goes
# through functions of the owner, which apply the same limits themselves and give away nothing but ids.
# They are written so that the names' index is all the planner can use: it takes comparing names for as cheap as
# comparing numbers, and would rather compare every name of a district. `+ 0` keeps it from the index of areas, and
# an area inside one district, which nearly all are, is asked for with `=`.
SEARCH = """
create function search_{table}(query text, lo integer, hi integer, most integer) returns setof uuid
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
        (select t.id, t.folded from {table} t
         where first / 1000000 = last / 1000000 and t.district_code = first / 1000000
           and t.area_code + 0 between first and last and query <% t.folded)
        union
        (select t.id, t.folded from {table} t
         where first / 1000000 < last / 1000000 and t.district_code between first / 1000000 and last / 1000000
           and t.area_code + 0 between first and last and query <% t.folded)
        {further}
    )
    select f.id from found f
    order by word_similarity(query, f.folded) desc, similarity(query, f.folded) desc, f.id limit most;
end
$$
"""
# The caseload and the house outside the area: few rows, whose names are compared one by one.
CASELOAD = """union
        (select t.id, t.folded from children t
         where (t.responsible_post_id = post or t.institution_id = home)
           and t.area_code + 0 not between first and last and t.area_code + 0 between lo and hi
           and query <% (t.folded || ''))"""
SEARCHES = {"children": CASELOAD, "households": ""}

# Every event waits for its seal from the moment that it is written, whoever writes it; the web cannot take it back.
WAIT_FOR_SEAL = """
create function tubarerere_wait_for_seal() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
    begin
        insert into audit_unsealed (event_id) values (new.id);
        return null;
    end
$$
"""


def upgrade() -> None:
    for role in ROLES:
        # Roles belong to the whole server: another database may have made them, perhaps at this moment.
        op.execute(f"""
            do $$ begin
                if not exists (select from pg_roles where rolname = '{role}') then
                    create role {role} nologin;
                end if;
            exception when duplicate_object or unique_violation then null;
            end $$
        """)
        # Needed where only the owner's address is known and its connections act as these roles.
        op.execute(f"""
            do $$ begin
                if not pg_has_role(current_user, '{role}', 'member') then
                    grant {role} to current_user;
                end if;
            exception when insufficient_privilege then null;
            end $$
        """)
        op.execute(f"grant usage on schema public to {role}")
    for name, (kind, fallback) in LIMITS.items():
        default = f"'{fallback}'" if fallback else "null"
        op.execute(f"""
            create function tubarerere_{name}() returns {kind} language sql stable parallel safe as $$
                select coalesce(nullif(current_setting('tubarerere.{name}', true), ''), {default})::{kind}
            $$
        """)
    op.execute("grant select, insert, update on all tables in schema public to tubarerere_web")
    op.execute("""
        revoke insert, update on alembic_version, place_releases, places, place_names, place_successions,
            place_aliases, ladder_clocks, visit_schedules, quoted_figures from tubarerere_web
    """)
    op.execute("revoke update on audit_events from tubarerere_web")
    op.execute("revoke insert, update on audit_seals, audit_unsealed from tubarerere_web")
    op.execute("grant select on all tables in schema public to tubarerere_worker")
    op.execute("grant insert on audit_events, audit_seals, referral_hops, notices to tubarerere_worker")
    op.execute("grant update on referrals, referral_hops to tubarerere_worker")
    op.execute("grant delete on sign_ins, audit_unsealed to tubarerere_worker")
    op.execute(WAIT_FOR_SEAL)
    op.execute("""
        create trigger wait_for_seal after insert on audit_events
        for each row execute function tubarerere_wait_for_seal()
    """)
    op.execute(SEES_CHILD)
    for table, condition in POLICIES.items():
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy web_reads on {table} for select to tubarerere_web using ({condition})")
        # What may be written is the verbs' business; that only visible rows are changed is this policy's.
        op.execute(f"create policy web_adds on {table} for insert to tubarerere_web with check (true)")
        op.execute(
            f"create policy web_changes on {table} for update to tubarerere_web using ({condition}) with check (true)"
        )
        op.execute(f"create policy worker on {table} to tubarerere_worker using (true) with check (true)")
    for table, further in SEARCHES.items():
        op.execute(SEARCH.format(table=table, further=further))
        op.execute(f"revoke all on function search_{table}(text, integer, integer, integer) from public")
        op.execute(f"grant execute on function search_{table}(text, integer, integer, integer) to tubarerere_web")


def downgrade() -> None:
    op.execute("drop trigger wait_for_seal on audit_events")
    op.execute("drop function tubarerere_wait_for_seal()")
    for table in SEARCHES:
        op.execute(f"drop function search_{table}(text, integer, integer, integer)")
    for table in POLICIES:
        for policy in ("web_reads", "web_adds", "web_changes", "worker"):
            op.execute(f"drop policy {policy} on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("drop function tubarerere_sees_child(uuid)")
    for name in LIMITS:
        op.execute(f"drop function tubarerere_{name}()")
    for role in ROLES:
        # The roles themselves stay: other databases of the server may use them.
        op.execute(f"revoke all on all tables in schema public from {role}")
        op.execute(f"revoke usage on schema public from {role}")
