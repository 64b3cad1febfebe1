from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.access.rules import view_of_child
from app.access.scope import bind_actor
from app.children import duplicates, household_queries, oversight, queries, service
from app.children.models import Child
from app.children.schemas import ChildAssign, ChildChange, ChildQuery, ChildRegister, ChildRestrict, ChildUnseal
from app.children.words import BirthPrecision, PlacementKind
from app.core import clock, records
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.core.schemas import ListQuery
from tests.children.build import events
from tests.make import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_institution,
    reload,
)


def a_child(**values: Any) -> ChildRegister:
    content = {
        "given_name": "Aline",
        "family_name": "N'Gabo",
        "sex": "female",
        "born_on": "2016-05-04",
        "birth_precision": "day",
        "village": VILLAGE,
    }
    return ChildRegister.model_validate(content | values)


def test_a_worker_registers_a_child_into_the_own_caseload(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        child_id, is_new = service.register_child(acting, worker, a_child())
        child = queries.read_child(acting, worker, child_id)
    assert is_new
    assert child.name == "Aline N'Gabo"
    assert child.initials == "A. N."
    assert child.code.startswith("TMM-")
    assert child.responsible_post_id == worker.post_id
    assert child.area_code == VILLAGE
    assert child.responsible == worker.display_name
    assert child.origin is not None
    assert "Gitega" in child.origin
    assert [event.content["code"] for event in events(db, "child.registered", child_id)] == [child.code]


def test_the_same_again_makes_nothing_new_and_another_body_conflicts(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child_id = new_id()
    for expected in (True, False):
        with web.unit_of_work() as acting:
            bind_actor(acting, worker)
            assert service.register_child(acting, worker, a_child(id=child_id)) == (child_id, expected)
    with pytest.raises(Conflict):
        service.register_child(db, worker, a_child(id=child_id, given_name="Other"))
    assert len(events(db, "child.registered", child_id)) == 1


def test_a_code_that_somebody_has_is_drawn_again(db: Session, web: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    taken = make_child(db)
    drawn = iter([taken.code, taken.code, "TMM-QQQQQQ"])
    monkeypatch.setattr(records, "new_code", lambda _prefix: next(drawn))
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        child_id, _ = service.register_child(acting, worker, a_child())
        assert queries.read_child(acting, worker, child_id).code == "TMM-QQQQQQ"


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR])
@pytest.mark.parametrize("origin", [{"village": OTHER_VILLAGE}, {"village": None}])
def test_a_child_from_elsewhere_stays_where_it_is_registered(
    db: Session, web: Database, role: Role, origin: dict[str, Any]
) -> None:
    actor = actor_for(db, role)
    with web.unit_of_work() as acting:
        bind_actor(acting, actor)
        child_id, _ = service.register_child(acting, actor, a_child(**origin))
        child = queries.read_child(acting, actor, child_id)
    assert child.area_code == DISTRICT * 1_000_000
    assert child.origin_place_code == origin["village"]


def test_an_unknown_village_under_a_known_cell_is_accepted(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child_id, _ = service.register_child(
        db, worker, a_child(village=None, cell=VILLAGE // 100, village_name="Kabeza nshya")
    )
    child = queries.read_child(db, worker, child_id)
    assert child.origin is not None
    assert child.origin.startswith("Kabeza nshya, ")
    assert child.area_code == VILLAGE // 100 * 100


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"born_on": clock.today() + timedelta(days=1)}, "born_on"),
        ({"born_on": date(1850, 1, 1)}, "born_on"),
        ({"village": OTHER_VILLAGE, "cell": VILLAGE // 100}, "village"),
        ({"village": 99_999_999}, "village"),
        ({"village": None, "village_name": "Kabeza"}, "village"),
        ({"village": None, "cell": 999_999}, "cell"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(db: Session, values: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as complaint:
        service.register_child(db, actor_for(db, Role.SOCIAL_WORKER), a_child(**values))
    assert complaint.value.errors[0][0] == field


def test_adults_are_registered(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child_id, _ = service.register_child(db, worker, a_child(born_on=date(1981, 2, 3)))
    age = queries.read_child(db, worker, child_id).age_years
    assert age is not None
    assert age >= 45


def test_who_may_not_register_is_told_why(db: Session) -> None:
    with pytest.raises(Forbidden, match="does not include"):
        service.register_child(db, actor_for(db, Role.VOLUNTEER), a_child())


def test_possible_duplicates_are_named_not_stopped(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    first = make_child(db, given="Aline", family="Ngabo", born_on=date(2016, 1, 1))
    make_child(db, given="Aline", family="Ngabo", born_on=date(2009, 1, 1))
    far = make_child(db, given="Ngabo", family="Arine", born_on=date(2016, 1, 1), village=OTHER_VILLAGE)
    child_id, _ = service.register_child(db, worker, a_child(born_on=date(2016, 1, 1), birth_precision="day"))
    bind_actor(db, worker)
    assert duplicates.possible_duplicates(db, worker, child_id) == [first.code, far.code]


def test_a_child_is_found_by_another_name_and_after_a_change(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    known = make_child(db, given="Ange", family="Umutoni", born_on=date(2016, 5, 4))
    duplicates.change_other_names(db, known.id, before=[], after=["Aline Ngabo"])
    command = a_child(born_on=date(2016, 5, 4), birth_precision="day")
    bind_actor(db, worker)
    assert [found.code for found in duplicates.check_duplicates(db, worker, command)] == [known.code]
    service.change_child(db, worker, known.id, ChildChange(family_name="Kayitesi"), version=None)
    assert "kaitesi" in reload(db, known).sounds
    assert [found.code for found in duplicates.check_duplicates(db, worker, command)] == [known.code]


def test_a_change_keeps_the_rest_and_names_its_fields(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        change = ChildChange(given_name="Ketia", has_disability=True)
        service.change_child(acting, worker, child.id, change, version=1)
    reload(db, child)
    assert (child.given_name, child.family_name, child.version) == ("Ketia", "Mutesi", 2)
    assert child.folded == "ketia mutesi"
    assert events(db, "child.changed", child.id)[0].content == {"fields": ["given_name", "has_disability"]}


def test_a_stale_change_is_told_with_both_versions(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    service.change_child(db, worker, child.id, ChildChange(given_name="Ketia"), version=1)
    with pytest.raises(Stale) as stale:
        service.change_child(db, worker, child.id, ChildChange(given_name="Kevine"), version=1)
    assert stale.value.current["given_name"] == "Ketia"
    assert stale.value.typed == {"given_name": "Kevine"}


def test_a_birth_after_the_admission_is_refused_in_a_change(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, institution=make_institution(db), since=date(2020, 6, 1))
    with pytest.raises(FieldError) as complaint:
        service.change_child(db, worker, child.id, ChildChange(born_on=date(2021, 1, 1)), version=1)
    assert complaint.value.errors[0][0] == "born_on"


def test_a_date_that_becomes_unknown_is_forgotten(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    change = ChildChange(born_on=None, birth_precision=BirthPrecision.UNKNOWN)
    service.change_child(db, worker, child.id, change, version=1)
    assert (reload(db, child).born_on, child.birth_precision) == (None, "unknown")


def test_restricted_records_open_to_the_worker_and_the_supervisor_only(db: Session) -> None:
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, worker=worker)
    with pytest.raises(Forbidden):
        service.restrict_child(db, colleague, child.id, ChildRestrict(restricted=True))
    service.restrict_child(db, worker, child.id, ChildRestrict(restricted=True))
    for actor in (worker, supervisor):
        assert queries.open_child(db, actor, child.id).restricted
    for actor in (colleague, actor_for(db, Role.NATIONAL_OFFICER), actor_for(db, Role.VOLUNTEER)):
        with pytest.raises(NotFound):
            queries.open_child(db, actor, child.id)


def test_the_supervisor_assigns_to_posts_of_the_district_only(db: Session) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, stranger = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child = make_child(db)
    with pytest.raises(Forbidden):
        service.assign_child(db, worker, child.id, ChildAssign(post=worker.post_id))
    with pytest.raises(FieldError):
        service.assign_child(db, supervisor, child.id, ChildAssign(post=stranger.post_id))
    service.assign_child(db, supervisor, child.id, ChildAssign(post=worker.post_id))
    assert reload(db, child).responsible_post_id == worker.post_id
    assert events(db, "child.assigned", child.id)[0].content["to_post"] == str(worker.post_id)


def test_national_staff_see_a_name_with_a_reason_that_is_kept(db: Session, web: Database) -> None:
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    child = make_child(db)
    coded = queries.open_child(db, officer, child.id)
    assert (coded.name, coded.given_name, coded.born_on, coded.origin) == ("K. M.", None, None, None)
    with web.unit_of_work() as acting:
        bind_actor(acting, officer)
        shown = service.unseal_child(acting, officer, child.id, ChildUnseal(reason="A court asked for this name"))
    assert (shown.given_name, shown.family_name) == ("Keza", "Mutesi")
    assert events(db, "child.unsealed", child.id)[0].content == {"reason": "A court asked for this name"}
    with pytest.raises(Forbidden):
        service.unseal_child(
            db, actor_for(db, Role.SOCIAL_WORKER), child.id, ChildUnseal(reason="Only out of interest")
        )


def test_each_role_sees_as_much_as_the_rules_say(db: Session, web: Database) -> None:
    home, other_home = make_institution(db), make_institution(db, name="Other home", sector=1201)
    household = make_household(db)
    worker = actor_for(db, Role.SOCIAL_WORKER)
    children = [
        make_child(db),
        make_child(db, worker=worker, restricted=True),
        make_child(db, institution=home),
        make_child(db, institution=home, restricted=True),
        make_child(db, institution=other_home),
        make_child(db, institution=other_home, worker=worker),
        make_child(db, household=household),
        make_child(db, village=OTHER_VILLAGE, restricted=True),
    ]
    actors = [worker, *(actor_for(db, role) for role in Role if role is not Role.INSTITUTION_MANAGER)]
    actors.append(actor_for(db, Role.INSTITUTION_MANAGER, institution=home))
    for actor in actors:
        with web.unit_of_work() as acting:
            bind_actor(acting, actor)
            seen = set(acting.scalars(select(Child.id).where(queries.visible_children(actor))))
        for child in children:
            view = view_of_child(actor, service.facts_of(child))
            assert (child.id in seen) == bool(view), (actor.role, child.id)
            assert not view or view is queries.view_of(actor)


def test_a_list_says_who_was_listed_but_not_the_name_that_was_sought(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, given="Kezia", family="Uwamahoro")
    make_child(db, given="Jean", family="Habimana")
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        found = queries.list_children(acting, worker, ChildQuery(q="uwamahoro"))
    assert [row.code for row in found.items] == [child.code]
    listed = events(db, "records.listed")[-1]
    assert listed.content["ids"] == [str(child.id)]
    assert listed.content["filter"] == {"q": "(a name)"}


@pytest.mark.parametrize("typed", ["{code}", "{lower}", " {bare} "])
def test_a_code_is_found_however_it_is_written(db: Session, typed: str) -> None:
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    child = make_child(db)
    child.code = "TMM-7K3Q9D"
    db.flush()
    sought = typed.format(code=child.code, lower=child.code.lower(), bare="7k3q9d")
    assert [row.id for row in queries.list_children(db, officer, ChildQuery(q=sought)).items] == [child.id]


def test_names_are_not_searched_by_roles_that_do_not_see_them(db: Session) -> None:
    for role in (Role.NATIONAL_OFFICER, Role.VOLUNTEER):
        with pytest.raises(FieldError):
            queries.list_children(db, actor_for(db, role), ChildQuery(q="Mutesi"))
    with pytest.raises(FieldError):
        queries.list_children(db, actor_for(db, Role.SOCIAL_WORKER), ChildQuery(q="k"))


def test_lists_are_filtered_and_paged_newest_first(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    home, household = make_institution(db), make_household(db)
    placed = make_child(db, household=household)
    resident = make_child(db, institution=home)
    moved = make_child(db, village=OTHER_VILLAGE, worker=worker)

    def ids(**query: Any) -> list[UUID]:
        return [row.id for row in queries.list_children(db, worker, ChildQuery(**query)).items]

    assert ids() == [moved.id, resident.id, placed.id]
    assert ids(mine=True) == [moved.id]
    assert ids(institution=home.id) == [resident.id]
    assert ids(lives_as=PlacementKind.FOSTER_MALAYIKA_MURINZI) == [placed.id]
    assert ids(place=VILLAGE) == [placed.id]
    first = queries.list_children(db, worker, ChildQuery(limit=2))
    second = queries.list_children(db, worker, ChildQuery(limit=2, cursor=first.next))
    assert [row.id for row in first.items + second.items] == ids()
    assert second.next is None


def test_the_list_and_a_record_cost_two_statements_each(
    db: Session, web: Database, statements: Any, request: pytest.FixtureRequest
) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        with statements.counted() as block:
            queries.list_children(acting, worker, ChildQuery())
        assert len(block) == 2, block
        with statements.counted() as block:
            queries.open_child(acting, worker, child.id)
        assert len(block) == 2, block


def test_an_institution_never_learns_an_address(db: Session) -> None:
    home = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    child = make_child(db, institution=home)
    seen = queries.open_child(db, manager, child.id)
    assert (seen.household_id, seen.household_place) == (None, None)
    household = make_household(db)
    child.institution_id, child.household_id, child.lives_as = None, household.id, "foster_malayika_murinzi"
    db.flush()
    with pytest.raises(NotFound):
        queries.open_child(db, manager, child.id)
    with pytest.raises(Forbidden):
        household_queries.open_household(db, manager, household.id)


def test_who_opened_a_record_is_told_to_its_worker_and_the_supervisor(db: Session) -> None:
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.PSYCHOLOGIST)
    child = make_child(db, worker=worker)
    queries.open_child(db, colleague, child.id)
    for actor in (worker, actor_for(db, Role.DISTRICT_SUPERVISOR)):
        _child, page = oversight.openings(db, actor, child.id, ListQuery())
        opened = [row for row in page.items if row.kind == "child.opened"]
        assert [(row.who, row.role) for row in opened] == [(colleague.display_name, "psychologist")]
    assert len(events(db, "child.openings_read", child.id)) == 2
    with pytest.raises(Forbidden):
        oversight.openings(db, colleague, child.id, ListQuery())
