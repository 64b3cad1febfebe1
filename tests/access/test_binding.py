"""Who comes in is bound by the statement that finds them, to the same limits as by `bind_actor`."""

import hashlib
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.access.scope import bind_actor
from app.config import Settings
from app.core import clock
from app.core.db import Database
from app.people.models import SignIn
from app.people.sessions import BROWSER, find_sign_in
from tests import make
from tests.make import actor_for, make_institution

NAMES = ("lo", "hi", "account", "post", "institution")
A_PROVINCE = 1
LEVELS = (make.COUNTRY, A_PROVINCE, make.DISTRICT, make.SECTOR, make.CELL, make.VILLAGE)


def _limits(session: Session) -> list[str]:
    settings = ", ".join(f"current_setting('tubarerere.{name}', true)" for name in NAMES)
    lo, hi, *others = session.execute(text(f"select {settings}")).one()
    return [int(lo), int(hi), *others]


@pytest.mark.parametrize(("role", "place"), list(product(Role, LEVELS)))
def test_whoever_comes_in_is_bound_as_the_rules_say(
    db: Session, web: Database, settings: Settings, role: Role, place: int
) -> None:
    home = make_institution(db) if role is Role.INSTITUTION_MANAGER else None
    actor = actor_for(db, role, place, institution=home)
    secret = f"{actor.username} comes in"
    secret_hash, until = hashlib.sha256(secret.encode()).digest(), clock.now() + timedelta(hours=1)
    db.add(
        SignIn(
            kind=BROWSER, account_id=actor.account_id, post_id=actor.post_id, secret_hash=secret_hash, expires_at=until
        )
    )
    with web.unit_of_work() as session:
        bind_actor(session, actor)
        by_rule = _limits(session)
    with web.unit_of_work() as session:
        assert find_sign_in(session, secret, BROWSER, settings) is not None
        assert _limits(session) == by_rule


def test_nobody_is_bound_by_a_secret_that_opens_nothing(web: Database, settings: Settings) -> None:
    with web.unit_of_work() as session:
        assert find_sign_in(session, "no such secret", BROWSER, settings) is None
        names = ", ".join(f"coalesce(current_setting('tubarerere.{name}', true), '')" for name in NAMES)
        assert set(session.execute(text(f"select {names}")).one()) == {""}
