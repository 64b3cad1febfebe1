"""Finding the post for somebody, taking it and leaving it: the steps that the verbs of `service.py` share."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import COUNTRY_CODE, area_code_of
from app.access.roles import Role
from app.audit.service import record
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.people import events
from app.people.models import INSTITUTIONS, Appointment, Post
from app.people.rules import place_problem
from app.places.queries import resolve_at
from app.places.rules import level_of
from app.places.words import PlaceLevel


class Seat(NamedTuple):
    """What a post is: a role at a place, perhaps in an institution there."""

    role: Role
    place: int
    institution: UUID | None


def seat_of(db: Session, role: Role, place: int | None, institution: UUID | None) -> Seat:
    """Where a post with a role stands; raises `FieldError` where role and place do not go together."""
    problem = place_problem(role, level_of(place) if place else None, institution)
    if problem:
        raise FieldError(*problem)
    if institution is not None:
        stands_in = db.scalar(select(INSTITUTIONS.c.place_code).where(INSTITUTIONS.c.id == institution))
        if stands_in is None:
            raise FieldError("institution", _("This institution is not known"))
        return Seat(role, int(stands_in), institution)
    if not place:
        return Seat(role, COUNTRY_CODE, None)
    return Seat(role, resolve_at(db, place, PlaceLevel(str(level_of(place)))).place_code, None)


def vacant_post(db: Session, seat: Seat, day: date) -> UUID | None:
    """An open post that nobody holds on a day or will hold after it."""
    taken = (
        select(Appointment.id)
        .where(
            Appointment.post_id == Post.id,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on > day),
        )
        .exists()
    )
    return db.scalar(
        select(Post.id)
        .where(
            Post.role == seat.role.value,
            Post.place_code == seat.place,
            Post.institution_id.is_not_distinct_from(seat.institution),
            Post.closed_on.is_(None),
            ~taken,
        )
        .order_by(Post.id)
        .limit(1)
        # Two administrators at once find two different posts.
        .with_for_update(skip_locked=True)
    )


def new_post(db: Session, actor: Actor | None, seat: Seat, title: str | None = None) -> UUID:
    """Makes a post."""
    post = Post(
        id=new_id(),
        created_by=actor.account_id if actor else None,
        role=seat.role.value,
        place_code=seat.place,
        institution_id=seat.institution,
        title=title,
    )
    db.add(post)
    db.flush()
    event = events.PostOpened(role=seat.role.value, place=seat.place, institution=seat.institution)
    record(db, actor, event, subject_id=post.id, area_code=area_code_of(seat.place))
    return post.id


def take_seat(db: Session, actor: Actor | None, account_id: UUID, seat: Seat, day: date) -> Appointment:
    """Appoints somebody from a day on: to a vacant post with its caseload, otherwise to a new one."""
    post_id = vacant_post(db, seat, day) or new_post(db, actor, seat)
    appointment = Appointment(
        id=new_id(),
        created_by=actor.account_id if actor else None,
        account_id=account_id,
        post_id=post_id,
        starts_on=day,
    )
    db.add(appointment)
    db.flush()
    return appointment


def note_appointment(db: Session, actor: Actor | None, appointment: Appointment, seat: Seat) -> None:
    """Tells the audit log of a new appointment."""
    event = events.Appointed(
        post=appointment.post_id, role=seat.role.value, place=seat.place, starts_on=appointment.starts_on
    )
    record(db, actor, event, subject_id=appointment.account_id, area_code=area_code_of(seat.place))


def leave_seat(db: Session, appointment: Appointment, day: date, field: str) -> None:
    """Ends an appointment on a day (the first without it); raises `FieldError` on `field`."""
    if appointment.ends_on is not None and appointment.ends_on <= day:
        raise FieldError(field, _("This appointment has already ended"))
    if day < appointment.starts_on:
        raise FieldError(field, _("The appointment had not yet begun on that day"))
    appointment.ends_on = day
    appointment.version += 1
    db.flush()
