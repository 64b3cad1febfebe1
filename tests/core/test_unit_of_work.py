"""What a request leaves behind: all of it, or nothing."""

from sqlalchemy import func, select

from app.children.models import Household
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
