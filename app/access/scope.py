"""Where: what an actor's place, institution or post opens, as SQL; and the second lock under it.

Row-level security reads the same limits from settings of the transaction (`tubarerere.lo` and so on, see the
migrations), so a forgotten condition in a query still gives away nothing outside the actor's area.
"""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import COUNTRY_CODE, DIGITS, EVERYWHERE, NOWHERE, Area
from app.access.roles import NO_CHILD_ROLES


def reach(actor: Actor) -> Area:
    """The area whose records of children an actor's role opens; nowhere for roles without any."""
    return NOWHERE if actor.role in NO_CHILD_ROLES else actor.area


def in_area(column: Any, area: Area) -> ColumnElement[bool]:
    """The condition that a record's area code lies inside an area."""
    if area == EVERYWHERE:
        return true()
    if area == NOWHERE:
        return false()
    return and_(column >= area.lo, column <= area.hi)


def bind_actor(db: Session, actor: Actor) -> None:
    """Tells the database, for this transaction, who is acting; row-level security goes by it."""
    area = reach(actor)
    bind_limits(
        db,
        lo=area.lo,
        hi=area.hi,
        account=str(actor.account_id),
        post=str(actor.post_id),
        institution=str(actor.institution_id or ""),
    )


def bound_limits(
    role: Any, place_code: Any, *, account: Any, post: Any, institution: Any
) -> tuple[ColumnElement[str], ...]:
    """`bind_actor` as columns of the statement that finds who is acting, which spares every request a statement.

    The columns hold what `reach` says of the role and the place; a test compares the two for every role and level.
    """
    code, no_children = cast(place_code, Text), role.in_([_written(one) for one in sorted(NO_CHILD_ROLES)])
    limits = {
        "lo": case((no_children, _written(NOWHERE.lo)), else_=func.rpad(code, _written(DIGITS), _written(0))),
        "hi": case(
            (no_children, _written(NOWHERE.hi)),
            (code == _written(COUNTRY_CODE), _written(EVERYWHERE.hi)),
            else_=func.rpad(code, _written(DIGITS), _written(9)),
        ),
        "account": cast(account, Text),
        "post": cast(post, Text),
        "institution": func.coalesce(cast(institution, Text), _written("")),
    }
    return tuple(_set(name, value) for name, value in limits.items())


def hand_over(db: Session, child_id: UUID) -> None:
    """Lets this transaction finish moving a child whom the move itself takes out of the actor's reach."""
    bind_limits(db, hand=child_id)


def bind_limits(db: Session, **limits: object) -> None:
    """Sets the limits that row-level security reads, until the end of the transaction."""
    db.execute(_setting(*limits), {name: str(value) for name, value in limits.items()})


@cache
def _setting(*names: str) -> Select[Any]:
    settings: list[Any] = [_set(name, bindparam(name, type_=String)) for name in names]
    return select(*settings)


def _set(name: str, value: ColumnElement[str]) -> ColumnElement[str]:
    return func.set_config(_written(f"tubarerere.{name}"), value, true())


def _written(value: object) -> ColumnElement[str]:
    # What this module names itself, never what somebody typed: a parameter would be sent with every request.
    return literal_column(f"'{value}'", String)
