"""The matrix of who may do what, read from the code that decides it.

The administrator's page draws it; `python -m app.access.matrix > docs/access.md` writes it for the reader.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from app.access.actor import Actor
from app.access.area import NOWHERE, area_code_of, area_of
from app.access.permissions import Permission
from app.access.roles import PLACE_LEVEL, ROLE_LEVEL, ROLE_PERMISSIONS, Role
from app.access.rules import ChildFacts, View, view_of_child
from app.core.i18n import N_, gettext

_PLACES = {"village": 11010102, "cell": 110101, "sector": 1101, "district": 11, "country": 0}
_HERE, _ELSEWHERE = 11010102, 12010102
_POST, _OTHER_POST, _INSTITUTION = UUID(int=1), UUID(int=2), UUID(int=3)

LEVEL_WORDS = {
    "village": N_("a village"),
    "cell": N_("a cell"),
    "sector": N_("a sector"),
    "district": N_("a district"),
    "country": N_("the whole country"),
    "institution": N_("an institution"),
}
VIEW_WORDS = {
    View.NOTHING: N_("nothing"),
    View.TASK: N_("given name and what is to be done"),
    View.CODED: N_("code, initials, sex and age; the name with a written reason"),
    View.RESIDENT: N_("the record while the child lives there, no address after"),
    View.WHOLE: N_("the whole record"),
}
SITUATIONS: dict[str, ChildFacts] = {
    N_("A child in a family in the own area"): ChildFacts(area_code=_HERE),
    N_("A child in a family elsewhere"): ChildFacts(area_code=_ELSEWHERE),
    N_("A child of the own caseload who moved elsewhere"): ChildFacts(area_code=_ELSEWHERE, responsible_post_id=_POST),
    N_("A child in the own institution"): ChildFacts(area_code=_HERE, institution_id=_INSTITUTION),
    N_("A restricted record in the own area"): ChildFacts(
        area_code=_HERE, responsible_post_id=_OTHER_POST, restricted=True
    ),
    N_("A restricted record of the own caseload"): ChildFacts(
        area_code=_HERE, responsible_post_id=_POST, restricted=True
    ),
}


class RoleLine(NamedTuple):
    """A role: its words, where its posts stand, its rung of the ladder."""

    role: Role
    where: str
    rung: int | None


def role_lines() -> list[RoleLine]:
    """All roles in their order."""
    return [RoleLine(role, gettext(LEVEL_WORDS[_level(role)]), ROLE_LEVEL.get(role)) for role in Role]


def permission_lines() -> list[tuple[Permission, list[bool]]]:
    """Each permission, and for each role in order whether it has it."""
    return [(permission, [permission in ROLE_PERMISSIONS[role] for role in Role]) for permission in Permission]


def view_lines() -> list[tuple[str, list[str]]]:
    """Each situation of a child, and for each role in order how much of the child is seen."""
    return [
        (gettext(words), [gettext(VIEW_WORDS[view_of_child(_somebody(role), child)]) for role in Role])
        for words, child in SITUATIONS.items()
    ]


def _level(role: Role) -> str:
    if role is Role.INSTITUTION_MANAGER:
        return "institution"
    return PLACE_LEVEL.get(role, "country")


def _somebody(role: Role) -> Actor:
    place = _PLACES.get(_level(role), 1101)
    return Actor(
        account_id=UUID(int=0),
        username="",
        display_name="",
        post_id=_POST,
        role=role,
        place_code=place,
        place_name="",
        area=area_of(place) if area_code_of(place) or place == 0 else NOWHERE,
        institution_id=_INSTITUTION if role is Role.INSTITUTION_MANAGER else None,
    )


def access_matrix_markdown() -> str:
    """The text of `docs/access.md`."""
    return "\n".join(_markdown()) + "\n"


def _markdown() -> Iterator[str]:
    yield "# Who may do what"
    yield ""
    yield "Written by `python -m app.access.matrix > docs/access.md` from `app/access`; a test holds it to the code."
    yield "A role says what somebody may ever do. Where they may do it follows from the place of their post, and from"
    yield "the caseload of that post; the database holds the same limits a second time (row-level security). Outside"
    yield "the reach the answer is 404, inside it without the permission 403 with the reason."
    yield ""
    yield "## Roles"
    yield ""
    yield from _table(
        ["Role", "Code", "Works in", "Rung of the ladder"],
        [[line.role.msgid, f"`{line.role.value}`", line.where, str(line.rung or "–")] for line in role_lines()],
    )
    yield ""
    yield "## Permissions"
    yield ""
    yield from _table(
        ["Permission", "Code", *(f"`{role.value}`" for role in Role)],
        [
            [permission.msgid, f"`{permission.value}`", *("yes" if has else "–" for has in line)]
            for permission, line in permission_lines()
        ],
    )
    yield ""
    yield "## How much of a child is seen"
    yield ""
    yield "For roles that may open children at all (`children:read`); the others see nothing."
    yield ""
    readers = [role for role in Role if Permission.CHILDREN_READ in ROLE_PERMISSIONS[role]]
    order = list(Role)
    yield from _table(
        ["Role", *SITUATIONS],
        [[f"`{role.value}`", *(line[order.index(role)] for _words, line in view_lines())] for role in readers],
    )


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.stdout.write(access_matrix_markdown())
