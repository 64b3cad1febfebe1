"""Who works in the demonstration.

The people named after their roles, two districts with their offices, and a social worker in each other district that
has a house.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.access.actor import Actor
from app.access.area import area_of, district_of
from app.access.roles import Level, Role
from app.core.text import fold
from app.demo.accounts import DEMONSTRATION_ACCOUNTS
from app.demo.draft import Draft
from app.demo.names import draw_name, draw_sex
from app.people.models import Account, Appointment, Post
from app.referrals.reach import receivers_of
from app.referrals.rules import Officer

STAFFED_DISTRICTS = (11, 24)
"""Nyarugenge, where the people named after their roles work, and Huye."""

_DISTRICT_TEAM = {
    11: (Role.SOCIAL_WORKER,),
    24: (
        Role.DISTRICT_SUPERVISOR,
        Role.SOCIAL_WORKER,
        Role.SOCIAL_WORKER,
        Role.PSYCHOLOGIST,
        Role.DISTRICT_LEADER,
    ),
}
"""Beside the people named after their roles: two social workers and a psychologist in each of the two districts."""
_CELLS, _VILLAGES = 5, 2
_SINCE_DAYS = 1400


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a post."""

    account_id: UUID
    post_id: UUID
    username: str
    display_name: str
    role: Role
    place_code: int
    place_name: str

    @property
    def actor(self) -> Actor:
        """The same as the rules of access see them."""
        return Actor(
            account_id=self.account_id,
            username=self.username,
            display_name=self.display_name,
            post_id=self.post_id,
            role=self.role,
            place_code=self.place_code,
            place_name=self.place_name,
            area=area_of(self.place_code),
        )


class Staff:
    """Everybody who works, by role and place."""

    def __init__(self, draft: Draft, places: Mapping[int, str], password_hash: str) -> None:
        self.draft = draft
        self.places = places
        self.people: list[Person] = []
        self._hash = password_hash
        self._usernames: set[str] = set()

    def named_after_roles(self, house_id: UUID) -> None:
        """The people of `DEMONSTRATION_ACCOUNTS`; `house_id` is the institution of its manager."""
        for account in DEMONSTRATION_ACCOUNTS:
            self._employ(
                account.username,
                account.display_name,
                account.role,
                account.place_code,
                house_id if account.institution else None,
            )

    def offices(self, districts_with_houses: Iterable[int]) -> None:
        """The offices of the two districts, and one social worker in each other district."""
        for district in STAFFED_DISTRICTS:
            sectors = self._inside(district, 4)
            cells = [self._inside(sector, 6)[0] for sector in sectors[:_CELLS]]
            villages = [village for cell in cells for village in self._inside(cell, 8)[:_VILLAGES]]
            for role in _DISTRICT_TEAM[district]:
                self._hire(role, district)
            for role, codes in (
                (Role.SECTOR_OFFICER, sectors),
                (Role.CELL_COORDINATOR, cells),
                (Role.VOLUNTEER, villages),
            ):
                for code in codes:
                    if not self.at(role, code):
                        self._hire(role, code)
        for district in districts_with_houses:
            if district not in STAFFED_DISTRICTS:
                self._hire(Role.SOCIAL_WORKER, district)
        # Friends of the family work in pairs: here the second one of Gihanga.
        self._hire(Role.VOLUNTEER, self.called("volunteer").place_code)

    def at(self, role: Role, place_code: int) -> list[Person]:
        """Who holds posts of a role at a place."""
        return [person for person in self.people if (person.role, person.place_code) == (role, place_code)]

    def called(self, username: str) -> Person:
        """The person with a username."""
        return next(person for person in self.people if person.username == username)

    def worker_for(self, area_code: int) -> Person | None:
        """Whose caseload a new child of an area comes into: Nyarugenge's fullest is the person named after the role."""
        district = district_of(area_code)
        if district is None:
            return None
        workers = self.at(Role.SOCIAL_WORKER, district) + self.at(Role.PSYCHOLOGIST, district)
        shares = [0.66, 0.25, 0.09] if len(workers) > 1 else [1.0] * len(workers)
        return self.draft.rng.choices(workers, shares)[0] if workers else None

    def officers(self, area_code: int) -> list[Officer]:
        """Everybody who receives referrals of an area code, as the rules of the ladder see them."""
        return [
            Officer(
                account_id=person.account_id,
                display_name=person.display_name,
                role=role,
                level=level,
                place_name=person.place_name,
            )
            for role, place, level in receivers_of(area_code)
            for person in self.at(role, place)
        ]

    def holders(self, level: Level, area_code: int) -> list[Person]:
        """Who receives referrals of an area code at one level."""
        return [person for role, place, _level in receivers_of(area_code, [level]) for person in self.at(role, place)]

    def villages_with_volunteers(self, district: int) -> list[int]:
        """The villages of a district where somebody looks in on children."""
        codes = {person.place_code for person in self.people if person.role is Role.VOLUNTEER}
        return sorted(code for code in codes if district_of(code) == district)

    def _inside(self, place_code: int, digits: int) -> list[int]:
        width = 10 ** (digits - len(str(place_code)))
        return [code for code in self.places if code // width == place_code]

    def _hire(self, role: Role, place_code: int) -> None:
        sex = draw_sex(self.draft.rng)
        given, own = draw_name(self.draft.rng, sex)
        self._employ(fold(f"{given} {own}").replace(" ", "."), f"{given} {own}", role, place_code, None)

    def _employ(self, username: str, name: str, role: Role, place_code: int, house_id: UUID | None) -> None:
        draft = self.draft
        while username in self._usernames:
            username = f"{username}.{draft.rng.randint(2, 99)}"
        self._usernames.add(username)
        made_at = draft.working_hour(draft.ago(_SINCE_DAYS))
        account_id = draft.add(
            Account,
            username=username,
            display_name=name,
            password_hash=self._hash,
            must_change_password=False,
            phone=draft.phone(),
            is_demonstration=True,
            created_at=made_at,
        )
        post_id = draft.add(Post, role=role.value, place_code=place_code, institution_id=house_id, created_at=made_at)
        draft.add(
            Appointment,
            account_id=account_id,
            post_id=post_id,
            starts_on=draft.ago(_SINCE_DAYS),
            created_at=made_at,
        )
        self.people.append(Person(account_id, post_id, username, name, role, place_code, self.places[place_code]))
