"""The verbs of the record: whose it is, what is kept, what is sealed, what is found."""

from datetime import date

import pytest
from sqlalchemy import select, text

from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.vault import Vault
from app.record import queries, service
from app.record.models import HealthRecord, Identity
from app.record.schemas import (
    AddressAdd,
    HealthChange,
    HealthPart,
    IdentityAdd,
    LanguagesChange,
    LanguagesPart,
    NamesChange,
    SchoolChange,
    SchoolPart,
    Withdraw,
)
from app.record.words import HivStatus, IdentityKind, RecordGroup, SchoolLevel
from tests.make import OTHER_DISTRICT, SECTOR, actor_for, make_child, make_health, make_identity

NUMBER = "1 2018 7 0012345 6 78"


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def _school(db, child):
    return queries.read_group(db, child.id, RecordGroup.SCHOOL, SchoolPart)


def test_a_group_changes_by_itself_and_keeps_what_is_not_given(db, worker, child):
    level = SchoolChange(level=SchoolLevel.PRIMARY, school="GS Gitega")
    service.change_group(db, worker, child.id, RecordGroup.SCHOOL, level, version=None)
    service.change_group(db, worker, child.id, RecordGroup.SCHOOL, SchoolChange(year="P4"), version=1)
    found = _school(db, child)
    assert (found.level, found.school, found.year, found.version) == (SchoolLevel.PRIMARY, "GS Gitega", "P4", 2)
    service.change_group(db, worker, child.id, RecordGroup.SCHOOL, SchoolChange(year="P5"), version=2, whole=True)
    assert (_school(db, child).school, _school(db, child).year) == (None, "P5")


def test_two_who_write_in_one_group_see_both_and_in_two_groups_never_meet(db, worker, child):
    service.change_group(db, worker, child.id, RecordGroup.SCHOOL, SchoolChange(year="P4"), version=0)
    with pytest.raises(Stale) as stale:
        service.change_group(db, worker, child.id, RecordGroup.SCHOOL, SchoolChange(year="P5"), version=0)
    assert (stale.value.current["year"], stale.value.typed["year"]) == ("P4", "P5")
    with pytest.raises(Stale):
        service.change_group(db, worker, child.id, RecordGroup.PARENTS, NamesChange(), version=3)
    service.change_group(
        db, worker, child.id, RecordGroup.NAMES, NamesChange.model_validate({"names": [{"name": "Mado"}]}), version=0
    )
    assert [name for _kind, name in queries.other_names_of(db, [child.id])[child.id]] == ["Mado"]


def test_religion_is_kept_only_where_the_family_asks(db, worker, child):
    with pytest.raises(FieldError) as told:
        service.change_group(
            db, worker, child.id, RecordGroup.LANGUAGES, LanguagesChange(religion="Adventist"), version=None
        )
    assert told.value.errors[0][0] == "religion"
    asked = LanguagesChange(religion="Adventist", family_asks=True)
    service.change_group(db, worker, child.id, RecordGroup.LANGUAGES, asked, version=None)
    assert queries.read_group(db, child.id, RecordGroup.LANGUAGES, LanguagesPart).religion == "Adventist"
    with pytest.raises(FieldError):
        service.change_group(
            db, worker, child.id, RecordGroup.LANGUAGES, LanguagesChange(family_asks=False), version=None
        )


def test_another_worker_reads_and_does_not_write(db, child):
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    assert queries.open_record(db, colleague, child.id)[1].child == child.id
    with pytest.raises(Forbidden):
        service.change_group(db, colleague, child.id, RecordGroup.SCHOOL, SchoolChange(year="P4"), version=None)
    elsewhere = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    with pytest.raises(NotFound):
        queries.open_record(db, elsewhere, child.id)


def test_health_opens_to_the_worker_and_the_supervisor_only(db, web, worker, child):
    service.change_health(db, worker, child.id, HealthChange(hiv=HivStatus.POSITIVE, notes="ARV"), version=0)
    stored = db.scalar(select(HealthRecord.sealed))
    assert b"ARV" not in stored
    assert b"positive" not in stored
    supervisor, colleague = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.PSYCHOLOGIST)
    assert queries.open_health(db, supervisor, child.id)[1].notes == "ARV"
    for stranger in (colleague, actor_for(db, Role.SOCIAL_WORKER)):
        with pytest.raises(Forbidden):
            queries.open_health(db, stranger, child.id)
        with pytest.raises(Forbidden):
            service.change_health(db, stranger, child.id, HealthChange(notes="x"), version=None)
    # The second lock: even a query that forgets all conditions finds nothing.
    for actor, rows in ((worker, 1), (supervisor, 1), (colleague, 0), (actor_for(db, Role.VOLUNTEER), 0)):
        with web.unit_of_work() as session:
            bind_actor(session, actor)
            assert session.scalar(text("select count(*) from health_records")) == rows, actor.role


def test_a_change_of_health_is_noted_by_the_names_of_fields(db, worker, child):
    service.change_health(db, worker, child.id, HealthChange(hiv=HivStatus.POSITIVE), version=0)
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "record.health_changed")).one()
    assert event.subject_id == child.id
    assert "positive" not in str(event.content)
    assert "hiv" in str(event.content)
    with pytest.raises(Stale):
        service.change_health(db, worker, child.id, HealthChange(notes="x"), version=0)
    assert isinstance(queries.read_health(db, make_child(db).id), HealthPart)


def test_an_identity_number_is_sealed_masked_revealed_and_found_exactly(db, worker, child):
    made = IdentityAdd(kind=IdentityKind.NATIONAL_ID, number=NUMBER)
    identity_id, is_new = service.add_identity(db, worker, child.id, made)
    assert is_new
    row = db.execute(text("select sealed, fingerprint, digest from identities")).one()
    for stored in row:
        assert b"1201870012345678" not in bytes(stored)
        assert b"0012345" not in bytes(stored)
    (shown,) = queries.open_record(db, worker, child.id)[1].identities
    assert shown.masked.endswith("678")
    assert "0012" not in shown.masked
    assert service.reveal_identity(db, worker, identity_id).number == "1201870012345678"
    for written in ("1201870012345678", "1-2018-7-0012345-6-78", " 1 2018 7 0012345 678"):
        assert queries.children_with_identity(db, worker, written) == [child.id]
    for other in ("120187001234567", "0012345", "", "%", "*"):
        assert queries.children_with_identity(db, worker, other) == []
    with pytest.raises(FieldError):
        service.add_identity(db, worker, child.id, IdentityAdd(kind=IdentityKind.NATIONAL_ID, number=NUMBER))


def test_a_number_is_found_within_reach_only(db, worker, child):
    make_identity(db, child)
    sealed = make_child(db, restricted=True)
    make_identity(db, sealed, number="555666777888")
    assert queries.children_with_identity(db, worker, "555666777888") == []
    assert queries.children_with_identity(db, actor_for(db, Role.DISTRICT_SUPERVISOR), "555666777888") == [sealed.id]
    for role in (Role.NATIONAL_MANAGER, Role.VOLUNTEER, Role.AUDITOR, Role.INSTITUTION_MANAGER):
        assert queries.children_with_identity(db, actor_for(db, role), "1201870012345678") == []
    assert queries.children_with_identity(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), NUMBER) == []


@pytest.mark.parametrize("number", ["123", "12018700123456789", "12018700123456AB", "\u0661" * 16])
def test_a_national_number_has_sixteen_digits(number, db, worker, child):
    with pytest.raises(FieldError) as told:
        service.add_identity(db, worker, child.id, IdentityAdd(kind=IdentityKind.NATIONAL_ID, number=number))
    assert told.value.errors[0][0] == "number"
    assert db.scalar(select(Identity.id)) is None


def test_a_wrong_number_is_withdrawn_and_not_found_any_more(db, worker, child):
    identity = make_identity(db, child)
    service.withdraw_identity(db, worker, identity.id, Withdraw(reason="Her sister's"))
    assert queries.children_with_identity(db, worker, NUMBER) == []
    assert queries.identities_of(db, child.id) == []
    with pytest.raises(NotFound):
        service.reveal_identity(db, worker, identity.id)


def test_a_colleague_does_not_reveal(db, child):
    identity = make_identity(db, child)
    with pytest.raises(Forbidden):
        service.reveal_identity(db, actor_for(db, Role.PSYCHOLOGIST), identity.id)


def test_addresses_have_places_and_years_that_can_be(db, worker):
    grown = make_child(db, worker=worker, born_on=date(1988, 5, 1))
    service.add_address(db, worker, grown.id, AddressAdd(place=SECTOR, from_year=1994, until_year=2006))
    service.add_address(db, worker, grown.id, AddressAdd(words="A house in Goma", from_year=2007))
    assert [row.until_year for row in queries.addresses_of(db, grown.id)] == [2006, None]
    for wrong, field in (
        (AddressAdd(), "words"),
        (AddressAdd(place=99), "place"),
        (AddressAdd(words="x", from_year=1987), "from_year"),
        (AddressAdd(words="x", until_year=2150), "until_year"),
        (AddressAdd(words="x", from_year=2000, until_year=1999), "until_year"),
    ):
        with pytest.raises(FieldError) as told:
            service.add_address(db, worker, grown.id, wrong)
        assert told.value.errors[0][0] == field


def test_health_of_a_child_whom_nobody_is_responsible_for_is_the_supervisors(db, worker):
    orphan = make_child(db)
    make_health(db, orphan)
    with pytest.raises(Forbidden):
        queries.open_health(db, worker, orphan.id)
    assert queries.open_health(db, actor_for(db, Role.DISTRICT_SUPERVISOR), orphan.id)[1].notes == "Asthma"


def test_what_was_sealed_with_a_lost_key_is_said_and_not_written_over(db, worker, child):
    identity, health = make_identity(db, child), make_health(db, child)
    identity.sealed = health.sealed = Vault(["another key, long enough to be one"]).seal(b"x", about="x")
    db.flush()
    assert queries.open_record(db, worker, child.id)[1].identities[0].masked == "\u2022" * 4
    with pytest.raises(Conflict):
        service.reveal_identity(db, worker, identity.id)
    with pytest.raises(Conflict):
        service.change_health(db, worker, child.id, HealthChange(notes="x"), version=None)
