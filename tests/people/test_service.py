"""What the doors cannot show: events, the last administrator, posts that two take at once, the operator."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, event, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.matrix import access_matrix_markdown
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.config import ROOT
from app.core.errors import FieldError, Forbidden
from app.people import passwords, service
from app.people.models import Account, Appointment
from app.people.queries import list_accounts
from app.people.schemas import AccountCreate, AccountsQuery, Disable, EndAppointment, Move
from tests.make import actor_for


def told(db: Session, actor: Actor) -> list[tuple[str, dict[str, object]]]:
    rows = db.execute(
        select(AuditEvent.kind, AuditEvent.content)
        .where(AuditEvent.account_id == actor.account_id)
        .order_by(AuditEvent.id)
    )
    return [(row.kind, row.content) for row in rows]


def test_the_document_says_what_the_code_does() -> None:
    written = Path(ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    assert written == access_matrix_markdown(), "python -m app.access.matrix > docs/access.md"


def test_each_verb_tells_the_log(db: Session) -> None:
    administrator = actor_for(db, Role.ADMINISTRATOR)
    command = AccountCreate(username="keza.alice", display_name="Keza Alice", role=Role.CELL_COORDINATOR, place=110101)
    account_id, temporary, is_new = service.create_account(db, administrator, command)
    assert is_new
    assert temporary is not None
    service.move(db, administrator, account_id, Move(role=Role.SECTOR_OFFICER, place=1101))
    service.disable_account(db, administrator, account_id, Disable(reason="On leave"))
    service.enable_account(db, administrator, account_id)
    kinds = [kind for kind, _content in told(db, administrator)]
    assert kinds == [
        "account.created",
        "post.opened",
        "account.appointed",
        "post.opened",
        "account.moved",
        "account.disabled",
        "account.enabled",
    ]
    assert temporary not in str(told(db, administrator))


def test_the_last_administrator_stays(db: Session) -> None:
    db.execute(update(Account).values(disabled_at=None))
    first, second = actor_for(db, Role.ADMINISTRATOR), actor_for(db, Role.ADMINISTRATOR)
    service.disable_account(db, first, second.account_id, Disable())
    # Somebody who was an administrator when the page was opened acts after all others are gone.
    appointment = db.scalars(select(Appointment).where(Appointment.account_id == first.account_id)).one()
    with pytest.raises(Forbidden, match="last administrator"):
        service.disable_account(db, second, first.account_id, Disable())
    with pytest.raises(Forbidden, match="last administrator"):
        service.end_appointment(db, second, first.account_id, appointment.id, EndAppointment())
    with pytest.raises(Forbidden, match="last administrator"):
        service.move(db, second, first.account_id, Move(role=Role.AUDITOR))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_verbs_ask_again(db: Session, role: Role) -> None:
    actor, other = actor_for(db, role), actor_for(db, Role.VOLUNTEER)
    with pytest.raises(Forbidden):
        service.disable_account(db, actor, other.account_id, Disable())
    with pytest.raises(Forbidden):
        service.enable_account(db, actor, other.account_id)
    visible = list_accounts(db, actor, AccountsQuery()).items
    assert [row.id for row in visible] == [actor.account_id]


def test_an_operator_makes_the_first_account(db: Session) -> None:
    given = service.create_account_by_operator(
        db, username="Chief", display_name="The Chief", role=Role.ADMINISTRATOR, place_code=0
    )
    account = db.scalars(select(Account).where(Account.username == "chief")).one()
    assert account.must_change_password
    assert passwords.check_password(given, account.password_hash)[0]
    events = db.execute(select(AuditEvent.kind, AuditEvent.account_id).where(AuditEvent.subject_id == account.id)).all()
    assert [(row.kind, row.account_id) for row in events] == [
        ("account.created", None),
        ("account.appointed", None),
    ]
    with pytest.raises(FieldError) as refused:
        service.create_account_by_operator(
            db, username="chief", display_name="Again", role=Role.ADMINISTRATOR, place_code=0
        )
    assert refused.value.errors[0][0] == "username"
    with pytest.raises(FieldError):
        service.create_account_by_operator(
            db, username="x y", display_name="Again", role=Role.ADMINISTRATOR, place_code=0
        )
    with pytest.raises(FieldError):
        service.create_account_by_operator(db, username="keza", display_name="Keza", role=Role.VOLUNTEER, place_code=11)


def test_a_password_that_the_operator_typed_is_the_persons_own(db: Session) -> None:
    service.create_account_by_operator(
        db,
        username="chief",
        display_name="The Chief",
        role=Role.ADMINISTRATOR,
        place_code=0,
        password="imvura iragwa cyane",
    )
    account = db.scalars(select(Account).where(Account.username == "chief")).one()
    assert not account.must_change_password


def test_a_hash_of_lower_cost_is_renewed() -> None:
    cheap = passwords.context.copy(argon2__memory_cost=8, argon2__parallelism=1)
    right, better = passwords.check_password("imvura", cheap.hash("imvura"))
    assert right
    assert better is not None
    assert passwords.check_password("imvura", better) == (True, None)
    assert better.startswith("$argon2id$")
    assert passwords.check_password("imvura", None) == (False, None)


def test_a_list_of_any_length_costs_one_statement(db: Session) -> None:
    administrator = actor_for(db, Role.ADMINISTRATOR)
    for _number in range(5):
        actor_for(db, Role.PSYCHOLOGIST)
    seen: list[str] = []
    connection = db.connection()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    list_accounts(db, administrator, AccountsQuery(limit=200))
    event.remove(connection, "before_cursor_execute", note)
    assert len(seen) == 1


def test_two_administrators_who_dismiss_each_other_at_once_leave_one(
    new_database: Callable[[], URL],
) -> None:
    engine = create_engine(new_database())
    with Session(engine) as db, db.begin():
        first, second = actor_for(db, Role.ADMINISTRATOR), actor_for(db, Role.ADMINISTRATOR)
    import threading

    refused: list[str] = []
    both = threading.Barrier(2)

    def dismiss(actor: Actor, other: Actor) -> None:
        with Session(engine) as db:
            both.wait()
            try:
                service.disable_account(db, actor, other.account_id, Disable())
                db.commit()
            except Forbidden:
                refused.append(actor.username)

    threads = [threading.Thread(target=dismiss, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as db:
        open_accounts = list(db.scalars(select(Account.id).where(Account.disabled_at.is_(None))))
    engine.dispose()
    assert len(open_accounts) == 1
    assert len(refused) == 1
