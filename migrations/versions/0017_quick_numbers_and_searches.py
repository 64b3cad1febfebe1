"""First exits from an index, a search that compares fewer names, and places that are cheap to plan for."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# The planner reads the first exits from the index alone, already in the order of children.
EXITS = """
create index ix_placements_exits on placements (child_id, started_on) include (area_code, district_code, kind)
where kind in ('adoption_domestic', 'adoption_intercountry', 'foster_emergency', 'foster_malayika_murinzi',
    'foster_short_term', 'foster_specialised_disability', 'guardianship_individual', 'guardianship_state',
    'kinship_formal', 'kinship_informal', 'reunification_biological', 'supported_independent_living')
and from_kind in ('rehabilitation_centre', 'residential_institution', 'small_group_home', 'temporary_shelter',
    'transit_centre')
"""

# As in 0008, but of the caseload only the names of children beyond the area are compared: comparing is what costs,
# and nearly all of a caseload lies inside the area, where the index has answered already.
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
        (select t.id, t.sounds as heard from children t
         where first / 1000000 = last / 1000000 and t.district_code = first / 1000000
           and t.area_code + 0 between first and last and query <% t.sounds and t.joined_into is null)
        union
        (select t.id, t.sounds from children t
         where first / 1000000 < last / 1000000 and t.district_code between first / 1000000 and last / 1000000
           and t.area_code + 0 between first and last and query <% t.sounds and t.joined_into is null)
        union
        (select t.id, t.sounds from children t
         where {caseload})
    )
    select f.id from found f
    order by word_similarity(query, f.heard) desc, similarity(query, f.heard) desc, f.id limit most;
end
$$
"""
BEFORE = """(t.responsible_post_id = post or t.institution_id = home)
           and t.area_code + 0 not between first and last and t.area_code + 0 between lo and hi
           and query <% (t.sounds || '') and t.joined_into is null"""
NOW = """(t.responsible_post_id = post or t.institution_id = home)
           and t.area_code + 0 between lo and hi and t.joined_into is null
           and case when t.area_code between first and last then false else query <% (t.sounds || '') end"""

# The function sets a parameter of this library, which may only be named once the library is loaded.
LOAD = "select similarity('a', 'b')"


def upgrade() -> None:
    """The index, the search, and how much the planner knows of the names of places."""
    op.execute(EXITS)
    op.execute(LOAD)
    op.execute(SEARCH.format(caseload=NOW))
    # For each search by name the planner would compare what is sought with a hundred names, to learn that few fit.
    op.execute("alter table places alter column folded set statistics 1")
    op.execute("analyze places (folded)")


def downgrade() -> None:
    """As before."""
    op.execute("alter table places alter column folded set statistics -1")
    op.execute("analyze places (folded)")
    op.execute(LOAD)
    op.execute(SEARCH.format(caseload=BEFORE))
    op.execute("drop index ix_placements_exits")
