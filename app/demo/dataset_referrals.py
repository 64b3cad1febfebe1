"""One referral of the generated data, with its hops, as lines of COPY."""

from datetime import timedelta

from app.access.area import COUNTRY_CODE
from app.access.roles import Level, Role
from app.children.words import ConcernType, Sex
from app.demo.dataset_rows import YEAR, Country, Lines, Office, code_of
from app.referrals.rules import CLOCKS, is_restricted, runs_out_at
from app.referrals.words import HopEnd, Outcome, ReferralStatus, Urgency

_CONCERNS, _OUTCOMES, _SEXES = list(ConcernType), list(Outcome), list(Sex)
_URGENCIES, _URGENCY_SHARES = list(Urgency), (5, 25, 45, 25)
_NARRATIVE = "Generated for a measurement: the family needs somebody to come and see."
_CLIMBS = {Level.CELL: 0.35, Level.SECTOR: 0.4, Level.DISTRICT: 0.03, Level.NATIONAL: 0.0}
_REFERRAL_DAYS = 2 * YEAR


def draw_referral(country: Country, lines: Lines, number: int) -> None:
    """A referral from the volunteer of a district, with the hops that it has made by now."""
    rng = country.rng
    district = rng.choice(country.districts)
    village = rng.choice(country.served[district])
    author = country.offices[Role.VOLUNTEER, country.served[district][0]][0]
    urgency = rng.choices(_URGENCIES, _URGENCY_SHARES)[0]
    concern = rng.choice(_CONCERNS)
    filed_at = country.now - timedelta(minutes=rng.randint(5, _REFERRAL_DAYS * 1440))
    referral_id = country.id(filed_at)
    level, received_at, seq = Level.CELL, filed_at, 0
    while True:
        seq += 1
        place, office = _office(country, level, village)
        clock = CLOCKS[urgency, level]
        seen_at = received_at + timedelta(hours=clock.acknowledge_hours * rng.uniform(0.05, 0.95))
        ends_at = seen_at + (clock.resolve_due(received_at) - seen_at) * rng.uniform(0.05, 0.95)
        climbs = rng.random() < _CLIMBS[level]
        seen, ended = seen_at <= country.now, ends_at <= country.now
        how = HopEnd.ESCALATED if climbs else HopEnd.RESOLVED
        lines.add(
            *("referral_hops", country.id(received_at), referral_id, seq, int(level), place, village, False),
            *(received_at, clock.acknowledge_due(received_at), clock.resolve_due(received_at)),
            *(seen_at if seen else None, office.account if seen else None, ends_at if ended else None),
            *(how.value if ended else None, office.account if ended else None),
            "Beyond what we can do here" if ended and climbs else None,
        )
        if not (ended and climbs):
            break
        level, received_at = Level(level + 1), ends_at
    due_at = runs_out_at(clock.acknowledge_due(received_at), clock.resolve_due(received_at), acknowledged=seen)
    status = ReferralStatus.RESOLVED if ended else ReferralStatus.ACKNOWLEDGED if seen else ReferralStatus.SENT
    lines.add(
        *("referrals", referral_id, filed_at, author.account, code_of("REF", number), concern.value, urgency.value),
        *(status.value, int(level), int(Level.VILLAGE), int(level), village, village),
        *(rng.choice(_SEXES).value, _NARRATIVE, is_restricted(concern), author.account, author.post, filed_at),
        *(None if ended else due_at, ends_at if ended else None, rng.choice(_OUTCOMES).value if ended else None),
    )


def _office(country: Country, level: Level, village: int) -> tuple[int, Office]:
    role, place = {
        Level.CELL: (Role.CELL_COORDINATOR, village // 100),
        Level.SECTOR: (Role.SECTOR_OFFICER, village // 10_000),
        Level.DISTRICT: (Role.SOCIAL_WORKER, village // 1_000_000),
        Level.NATIONAL: (Role.NATIONAL_MANAGER, COUNTRY_CODE),
    }[level]
    return place, country.rng.choice(country.offices[role, place])
