"""Groups follow a join of two records and come back when they are parted; families elsewhere are counted."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WEB = "tubarerere_web"

# In every group the kept record stands where the joined one stood, so that nobody in it loses a brother or sister. What
# the groups said before is remembered beside the rest, and put back. A child belongs to one group: where the two
# records are in different ones, a person says first which of them counts.
MOVE = """
create function child_joins_move_groups() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    image jsonb := coalesce(new.before -> 'groups', '[]');
    own cases;
    fellows case_groups;
    gone_group uuid := (new.before -> 'case' ->> 'group_id')::uuid;
    was case_groups;
    ids uuid[];
    held varchar[];
    one jsonb;
begin
    if new.state = 'joined' then
        if not exists (select from children where id = new.joined_id and joined_into = new.kept_id) then
            return new;
        end if;
        select * into own from cases where child_id = new.kept_id and closed_on is null;
        if own.group_id <> gone_group then
            raise exception 'two groups' using errcode = 'object_in_use';
        end if;
        for fellows in select * from case_groups where new.joined_id = any (child_ids) order by id for update loop
            image := image || to_jsonb(fellows);
            update case_groups set version = version + 1,
                child_ids = case when new.kept_id = any (child_ids) then array_remove(child_ids, new.joined_id)
                    else array_replace(child_ids, new.joined_id, new.kept_id) end,
                codes = case when new.kept_id = any (child_ids) then array_remove(codes, new.joined_code::varchar)
                    else array_replace(codes, new.joined_code::varchar, new.kept_code::varchar) end
            where id = fellows.id;
        end loop;
        new.before := new.before || jsonb_build_object('groups', image);
        if own.group_id is null and gone_group is not null then
            update cases set group_id = gone_group where id = own.id;
            new.before := new.before || jsonb_build_object('grouped_case', own.id);
        end if;
        return new;
    end if;
    for one in select * from jsonb_array_elements(image) loop
        was := jsonb_populate_record(null::case_groups, one);
        select * into fellows from case_groups where id = was.id for update;
        -- Whoever was taken out of the group meanwhile stays out.
        if not new.kept_id = any (fellows.child_ids) then
            continue;
        end if;
        if new.kept_id = any (was.child_ids) then
            ids := fellows.child_ids || new.joined_id;
            held := fellows.codes || new.joined_code::varchar;
        else
            ids := array_replace(fellows.child_ids, new.kept_id, new.joined_id);
            held := array_replace(fellows.codes, new.kept_code::varchar, new.joined_code::varchar);
        end if;
        if ids @> was.child_ids and ids <@ was.child_ids then
            update case_groups set child_ids = was.child_ids, codes = was.codes, version = was.version
            where id = was.id;
        else
            update case_groups set child_ids = ids, codes = held, version = version + 1 where id = was.id;
        end if;
    end loop;
    update cases set group_id = null
    where id = (new.before ->> 'grouped_case')::uuid and group_id = gone_group;
    return new;
end
$$
"""

# A family elsewhere is nobody's to read; how many there are is, so that a worker knows whom to ask.
COUNT = """
create function foster_families_elsewhere(
    care text, places integer, together boolean, today date, checked_since date
) returns table (district integer, families bigint)
language sql stable security definer rows 30 set search_path = public as $$
    select h.area_code / 1000000, count(*)
    from foster_families f
    join households h on h.id = f.household_id
    where f.stage = 'available' and h.vetting = 'approved' and f.approved_until >= today
        and f.record_checked_on >= checked_since and care = any (f.cares) and (f.siblings_welcome or not together)
        and h.capacity - (select count(*) from children c where c.household_id = h.id) >= places
        and h.area_code not between tubarerere_lo() and tubarerere_hi()
        and not exists (
            select from children c where c.household_id = h.id and c.responsible_post_id = tubarerere_post())
        and tubarerere_lo() <= tubarerere_hi()
    group by 1
$$
"""
COUNTED = "foster_families_elsewhere(text, integer, boolean, date, date)"


def upgrade() -> None:
    op.execute(MOVE)
    op.execute("revoke all on function child_joins_move_groups() from public")
    op.execute(
        "create trigger move_groups before update on child_joins for each row "
        "when (old.state is distinct from new.state and new.state in ('joined', 'parted')) "
        "execute function child_joins_move_groups()"
    )
    op.execute(COUNT)
    op.execute(f"revoke all on function {COUNTED} from public")
    op.execute(f"grant execute on function {COUNTED} to {WEB}")


def downgrade() -> None:
    op.execute(f"drop function {COUNTED}")
    op.execute("drop trigger move_groups on child_joins")
    op.execute("drop function child_joins_move_groups()")
