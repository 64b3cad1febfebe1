"""Stories of services that were asked for: who offers what, what was answered, and whether it helped."""

from uuid import UUID

from app.access.roles import Role
from app.consents.schemas import ConsentRecord
from app.consents.service import record_consent
from app.consents.words import Answer, Assent, Giver, How, Purpose
from app.demo.draft import known
from app.demo.lives import Life
from app.demo.world import Teller, at_home
from app.plans.asked_schemas import FeedbackRecord, ProviderRegister, ServiceAnswer, ServiceAsk
from app.plans.asking import acknowledge_service, answer_service, ask_service, record_feedback, register_provider
from app.plans.words import FeedbackBy, Helped, ServiceKind, ServiceUrgency
from app.referrals.words import Outcome

_PROVIDERS = (
    ("Health centre Gitega", ServiceKind.HEALTH, "Head of the centre"),
    ("Isange One Stop Centre", ServiceKind.ISANGE, "Nurse on duty"),
    ("Legal aid of the district (MAJ)", ServiceKind.MAJ, None),
    ("Groupe Scolaire Gitega", ServiceKind.EDUCATION, "Head teacher"),
    ("VUP of sector Gitega", ServiceKind.VUP, None),
)
_OF_AGE = 18
_THEIRS = "Health centre Gitega"
"""Its people are the service provider of the demonstration, who answers here."""


def tell_of_services(teller: Teller, first: Life | None) -> None:
    """Services of the child with the whole file, and of others who still wait."""
    providers = _register(teller)
    if first is not None:
        _answered(teller, first, providers)
    for kind, name, asked, urgency in (
        (ServiceKind.HEALTH, _THEIRS, "Please see the child for the ears.", ServiceUrgency.HIGH),
        (ServiceKind.EDUCATION, "Groupe Scolaire Gitega", "Please keep a place in P3 from January.", None),
        (ServiceKind.HEALTH, _THEIRS, "Please say when the vaccination is due.", ServiceUrgency.LOW),
    ):
        life = teller.take(at_home) or teller.take()
        if life is None or life.id is None:
            return
        command = ServiceAsk(
            id=teller.id(),
            provider=providers[name],
            kind=kind,
            urgency=urgency,
            asked=asked,
            told="Comes with an aunt.",
        )
        _agreed(teller, life, name)
        service_id, _new = ask_service(teller.db, teller.worker, life.id, command)
        if urgency is ServiceUrgency.LOW:
            acknowledge_service(teller.db, teller.actor(Role.SERVICE_PROVIDER), service_id)


def _register(teller: Teller) -> dict[str, UUID]:
    worker, provider = teller.worker, teller.actor(Role.SERVICE_PROVIDER)
    found = {}
    for name, kind, contact in _PROVIDERS:
        command = ProviderRegister(
            id=teller.id(),
            name=name,
            kind=kind,
            district=worker.place_code,
            phone=teller.world.draft.phone(),
            contact=contact,
            post=provider.post_id if name == _THEIRS else None,
        )
        found[name], _new = register_provider(teller.db, worker, command)
    return found


def _agreed(teller: Teller, life: Life, organisation: str) -> None:
    """Whoever may agrees that the provider is told what it needs."""
    child_id = known(life.id)
    grown = teller.age(life) >= _OF_AGE
    said = ConsentRecord(
        id=teller.id(),
        purpose=Purpose.SHARING,
        organisation=organisation,
        answer=Answer.GIVEN,
        how=How.ORAL,
        given_by=Giver.CHILD if grown else Giver.OTHER,
        giver_name=None if grown else "The aunt",
        assent=None if grown else Assent.YES,
        given_on=teller.ago(0),
    )
    record_consent(teller.db, teller.worker, child_id, said)


def _answered(teller: Teller, life: Life, providers: dict[str, UUID]) -> None:
    child_id = known(life.id)
    db, worker, provider = teller.db, teller.worker, teller.actor(Role.SERVICE_PROVIDER)
    asked = ServiceAsk(
        id=teller.id(),
        provider=providers[_THEIRS],
        kind=ServiceKind.HEALTH,
        asked="Please check the asthma, and write a plan for the school.",
        told="Has an inhaler.",
    )
    service_id, _new = ask_service(db, worker, child_id, asked)
    acknowledge_service(db, provider, service_id)
    done = ServiceAnswer(outcome=Outcome.SERVICE_PROVIDED, answer="Seen on Tuesday. The plan is with the head teacher.")
    answer_service(db, provider, service_id, done)
    said = FeedbackRecord(feedback_by=FeedbackBy.CHILD, helped=Helped.YES, feedback="The nurse was funny.")
    record_feedback(db, worker, service_id, said)
    school = ServiceAsk(
        id=teller.id(),
        provider=providers["VUP of sector Gitega"],
        kind=ServiceKind.VUP,
        asked="Please see whether the family can be listed.",
    )
    _agreed(teller, life, "VUP of sector Gitega")
    vup_id, _new = ask_service(db, worker, child_id, school)
    partly = ServiceAnswer(outcome=Outcome.PARTLY, answer="Listed from July on; told by phone.")
    answer_service(db, worker, vup_id, partly)
