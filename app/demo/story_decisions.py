"""What the panels of the invented districts decided, as every decision asks for it: what was weighed, and why not."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update

from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.children.words import EntryReason, PlacementKind
from app.decisions.models import Decision
from app.decisions.schemas import Considered, DecisionMake, Sitting
from app.decisions.service import make_decision, request_decision
from app.decisions.words import OPTION_OF, CareOption, DecisionNotHeard, Siblings
from app.demo.lives import Life
from app.demo.world import Teller

_FOUND = {
    CareOption.FAMILY: ("The mother has died; the father was looked for in two districts.", "Nobody is there."),
    CareOption.KIN: ("An aunt was visited twice; she cares for five already.", "She cannot, and says so with regret."),
    CareOption.FOSTER: ("Two families were asked.", "The child wishes to be with somebody of the own family."),
    CareOption.GUARDIANSHIP: ("Nobody asked to be the guardian.", "There is nobody who would."),
    CareOption.ADOPTION: ("The child knows the own family.", "It would part the child from a sister."),
}
_SPEAKS = 4
"""From this age on the children of the demonstration say what they wish."""


def decide(teller: Teller, life: Life, kind: PlacementKind, day: date) -> UUID:
    """A panel of a day decides how a child will live; the record is a draft."""
    order = list(CareOption)
    before = order[: order.index(OPTION_OF[kind])]
    heard = teller.age(life) >= _SPEAKS
    command = DecisionMake(
        id=teller.id(),
        decided_on=day,
        panel=[
            Sitting(name="Solange Ingabire", role="Social worker"),
            Sitting(name="Patrick Mugabo", role="Psychologist"),
            Sitting(name="Claudine Uwamariya", role="Officer of the sector"),
            Sitting(name="Espérance Mukamurenzi", role="Leader of the village"),
        ],
        grounds=[EntryReason.DEATH_ONE, EntryReason.POVERTY],
        necessity="Nobody of the parents can care for the child now, and the house closes this year.",
        options=[
            Considered(option=option, considered=True, finding=_FOUND[option][0], why_not=_FOUND[option][1])
            for option in before
        ],
        kind=kind,
        suitability="They have met four times, the school stays the same, and the child sleeps well there.",
        child_heard=heard,
        child_said="I want a place where I can stay, and I want to see my friends on Sundays." if heard else None,
        not_heard=None if heard else DecisionNotHeard.TOO_YOUNG,
        siblings=Siblings.NONE,
        conditions="A visit every two weeks in the first two months.",
    )
    return make_decision(teller.db, teller.worker, life.id or teller.id(), command)[0]


def approved(teller: Teller, decision_id: UUID, day: date) -> None:
    """The supervisor agreed on a day."""
    approval_id = request_decision(teller.db, teller.worker, decision_id)
    approve(teller.db, teller.supervisor, approval_id, Approve(reason="Well weighed"))
    at = teller.world.draft.working_hour(day)
    _backdate(teller, decision_id, approval_id, at)


def returned(teller: Teller, decision_id: UUID, day: date) -> None:
    """The supervisor sent it back."""
    approval_id = request_decision(teller.db, teller.worker, decision_id)
    command = Return(reason="Please write what the aunt herself said, and whether the brother was asked.")
    return_to_author(teller.db, teller.supervisor, approval_id, command)
    _backdate(teller, None, approval_id, teller.world.draft.working_hour(day))


def _backdate(teller: Teller, decision_id: UUID | None, approval_id: UUID, at: datetime) -> None:
    teller.db.flush()
    teller.db.execute(update(Approval).where(Approval.id == approval_id).values(asked_at=at, decided_at=at))
    if decision_id is not None:
        teller.db.execute(update(Decision).where(Decision.id == decision_id).values(approved_at=at))
    teller.db.expire_all()
