"""Who may sign in to the demonstration: one person for each role, on one ladder from Gihanga to the nation."""

from dataclasses import dataclass

from app.access.roles import Role


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """A person who is named after their role; `institution`: the post is in the house `place_name`."""

    username: str
    role: Role
    place_code: int
    place_name: str
    display_name: str
    institution: bool = False


HOUSE_OF_THE_MANAGER = "Crested Crane House"

_VILLAGE, _CELL, _SECTOR = (11010102, "Gihanga"), (110101, "Akabahizi"), (1101, "Gitega")
_DISTRICT, _COUNTRY = (11, "Nyarugenge"), (0, "Rwanda")
_HOUSE = (1106, HOUSE_OF_THE_MANAGER)

DEMONSTRATION_ACCOUNTS: list[DemonstrationAccount] = [
    DemonstrationAccount(role.value, role, *place, name, place is _HOUSE)
    for role, place, name in (
        (Role.VOLUNTEER, _VILLAGE, "Béatrice Mukandori"),
        (Role.CELL_COORDINATOR, _CELL, "Emmanuel Nsengimana"),
        (Role.SECTOR_OFFICER, _SECTOR, "Claudine Uwamariya"),
        (Role.SOCIAL_WORKER, _DISTRICT, "Solange Ingabire"),
        (Role.PSYCHOLOGIST, _DISTRICT, "Patrick Mugabo"),
        (Role.DISTRICT_SUPERVISOR, _DISTRICT, "Vestine Nyirahabimana"),
        (Role.DISTRICT_LEADER, _DISTRICT, "Innocent Rwagasana"),
        (Role.NATIONAL_OFFICER, _COUNTRY, "Aline Umuhire"),
        (Role.NATIONAL_MANAGER, _COUNTRY, "Théogène Kayitare"),
        (Role.INSTITUTION_MANAGER, _HOUSE, "Goretti Mukarugwiza"),
        (Role.SERVICE_PROVIDER, _COUNTRY, "Faustin Sebahire"),
        (Role.PARTNER, _COUNTRY, "Hélène Tuyizere"),
        (Role.AUDITOR, _COUNTRY, "Charles Ndoli"),
        (Role.ADMINISTRATOR, _COUNTRY, "Diane Iradukunda"),
    )
]
