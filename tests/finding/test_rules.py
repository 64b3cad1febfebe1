from app.access.roles import Role
from app.finding.rules import agreed_at_once
from tests.make import DISTRICT, OTHER_DISTRICT, actor_for


def test_a_worker_asks_and_a_supervisor_decides_for_the_own_district(db):
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    assert not agreed_at_once(worker, DISTRICT, DISTRICT).complete
    assert agreed_at_once(supervisor, DISTRICT, DISTRICT).complete


def test_two_districts_need_both(db):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    agreement = agreed_at_once(supervisor, DISTRICT, OTHER_DISTRICT)
    assert (agreement.near, agreement.far) == (True, False)
    assert not agreed_at_once(actor_for(db, Role.SOCIAL_WORKER), DISTRICT, OTHER_DISTRICT).near
