"""The twelve roles and the permissions of each: the matrix, on one screen."""

from enum import IntEnum

from app.access.permissions import Permission as P  # noqa: N817 - the matrix must fit a screen
from app.core.i18n import N_
from app.core.words import Word


class Level(IntEnum):
    """The rungs of the ladder, from the village up."""

    VILLAGE = 1
    CELL = 2
    SECTOR = 3
    DISTRICT = 4
    NATIONAL = 5


class Role(Word):
    """What a post is for; a person holds a role through an appointment to a post."""

    VOLUNTEER = "volunteer", N_("Friend of the family (IZU volunteer)")
    CELL_COORDINATOR = "cell_coordinator", N_("Cell coordinator")
    SECTOR_OFFICER = "sector_officer", N_("Sector social affairs officer")
    SOCIAL_WORKER = "social_worker", N_("Social worker")
    PSYCHOLOGIST = "psychologist", N_("Psychologist")
    DISTRICT_SUPERVISOR = "district_supervisor", N_("District supervisor")
    DISTRICT_LEADER = "district_leader", N_("Vice-mayor for social affairs")
    NATIONAL_OFFICER = "national_officer", N_("National officer")
    NATIONAL_MANAGER = "national_manager", N_("National manager")
    INSTITUTION_MANAGER = "institution_manager", N_("Manager of an institution")
    SERVICE_PROVIDER = "service_provider", N_("Service provider")
    PARTNER = "partner", N_("Partner")
    AUDITOR = "auditor", N_("Auditor")
    ADMINISTRATOR = "administrator", N_("Administrator")


_LADDER = {P.PLACES_READ, P.TASKS_READ, P.REFERRALS_FILE, P.REFERRALS_READ}
_OFFICE = _LADDER | {P.REFERRALS_ACT, P.INDICATORS_READ}
_DISTRICT = _OFFICE | {
    P.CASES_READ,
    P.CASES_WRITE,
    P.CHILDREN_LIST,
    P.CHILDREN_READ,
    P.CHILDREN_REGISTER,
    P.HOUSEHOLDS_READ,
    P.HOUSEHOLDS_WRITE,
    P.INDICATORS_RECORDS,
    P.INSTITUTIONS_READ,
    P.INSTITUTIONS_WRITE,
    P.PLACEMENTS_WRITE,
    P.VISITS_WRITE,
}
_NATIONAL = {
    P.CHILDREN_LIST,
    P.CHILDREN_READ,
    P.CHILDREN_UNSEAL,
    P.INDICATORS_READ,
    P.INDICATORS_RECORDS,
    P.INSTITUTIONS_READ,
    P.PLACES_READ,
    P.REFERRALS_READ,
    P.TASKS_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.VOLUNTEER: frozenset(_LADDER | {P.CHILDREN_LIST, P.CHILDREN_READ, P.VISITS_CHECK}),
    Role.CELL_COORDINATOR: frozenset(_OFFICE),
    # Holds cases of low risk that a supervisor or worker gave to the post, and sees no other child.
    Role.SECTOR_OFFICER: frozenset(
        _OFFICE | {P.CASES_READ, P.CASES_WRITE, P.CHILDREN_LIST, P.CHILDREN_READ, P.VISITS_WRITE}
    ),
    Role.SOCIAL_WORKER: frozenset(_DISTRICT),
    Role.PSYCHOLOGIST: frozenset(_DISTRICT),
    Role.DISTRICT_SUPERVISOR: frozenset(
        _DISTRICT | {P.APPROVALS_DECIDE, P.CASELOADS_MANAGE, P.CHILDREN_MERGE, P.INSTRUMENTS_MANAGE}
    ),
    Role.DISTRICT_LEADER: frozenset({P.INDICATORS_READ, P.INSTITUTIONS_READ, P.PLACES_READ}),
    Role.NATIONAL_OFFICER: frozenset(_NATIONAL),
    Role.NATIONAL_MANAGER: frozenset(_NATIONAL | {P.APPROVALS_DECIDE, P.INSTITUTIONS_WRITE, P.REFERRALS_ACT}),
    Role.INSTITUTION_MANAGER: frozenset(
        {P.CHILDREN_LIST, P.CHILDREN_READ, P.CLAIMS_REPORT, P.INSTITUTIONS_READ, P.PLACES_READ}
    ),
    Role.SERVICE_PROVIDER: frozenset({P.REFERRALS_READ, P.PLACES_READ, P.SERVICES_ANSWER}),
    Role.PARTNER: frozenset({P.INDICATORS_READ, P.PLACES_READ}),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.MATRIX_READ, P.PLACES_READ}),
    Role.ADMINISTRATOR: frozenset({P.ACCOUNTS_MANAGE, P.MATRIX_READ, P.PLACES_READ, P.PLACES_MANAGE}),
}

ROLE_LEVEL: dict[Role, Level] = {
    Role.VOLUNTEER: Level.VILLAGE,
    Role.CELL_COORDINATOR: Level.CELL,
    Role.SECTOR_OFFICER: Level.SECTOR,
    Role.SOCIAL_WORKER: Level.DISTRICT,
    Role.PSYCHOLOGIST: Level.DISTRICT,
    Role.DISTRICT_SUPERVISOR: Level.DISTRICT,
    Role.NATIONAL_OFFICER: Level.NATIONAL,
    Role.NATIONAL_MANAGER: Level.NATIONAL,
}
"""The rung that a role stands on; roles that are absent take no part in the ladder."""

CASE_WORKERS = frozenset({Role.SOCIAL_WORKER, Role.PSYCHOLOGIST})
NATIONAL_ROLES = frozenset({Role.NATIONAL_OFFICER, Role.NATIONAL_MANAGER})
NO_CHILD_ROLES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.SERVICE_PROVIDER, Role.INSTITUTION_MANAGER})
"""Roles that no area opens children to: an institution's manager reaches residents through the institution only."""

PLACE_LEVEL: dict[Role, str] = {
    Role.VOLUNTEER: "village",
    Role.CELL_COORDINATOR: "cell",
    Role.SECTOR_OFFICER: "sector",
    Role.SOCIAL_WORKER: "district",
    Role.PSYCHOLOGIST: "district",
    Role.DISTRICT_SUPERVISOR: "district",
    Role.DISTRICT_LEADER: "district",
}
"""The level of place that a post with this role must stand at; roles that are absent work for the whole country."""
