"""A draft of a decision may be half done; one that was sent never is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN_STILL = "state in ('draft', 'returned')"
_SAID = (
    "necessity is not null and kind is not null and suitability is not null and child_heard is not null "
    "and siblings is not null"
)
_NEVER_ALONE = "grounds <> '{poverty}'"
_MAY_WAIT = {
    "necessity": sa.String(),
    "kind": sa.String(),
    "suitability": sa.String(),
    "child_heard": sa.Boolean(),
    "siblings": sa.String(),
}


def upgrade() -> None:
    """What a panel has not said yet is null, and only while the decision can still be written on."""
    for name, of_type in _MAY_WAIT.items():
        op.alter_column("decisions", name, existing_type=of_type, nullable=True)
    op.drop_constraint(op.f("ck_decisions_never_poverty_alone"), "decisions", type_="check")
    op.create_check_constraint(
        op.f("ck_decisions_never_poverty_alone"), "decisions", f"{_OPEN_STILL} or {_NEVER_ALONE}"
    )
    op.create_check_constraint(
        op.f("ck_decisions_whole"), "decisions", f"{_OPEN_STILL} or ({_SAID} and grounds <> '{{}}')"
    )


def downgrade() -> None:
    """Drafts that are half done go: the tables of before have no place for them."""
    half_done = f"not ({_SAID} and {_NEVER_ALONE})"
    op.execute(f"delete from decision_siblings where decision_id in (select id from decisions where {half_done})")
    op.execute(f"delete from decisions where {half_done}")
    op.drop_constraint(op.f("ck_decisions_whole"), "decisions", type_="check")
    op.drop_constraint(op.f("ck_decisions_never_poverty_alone"), "decisions", type_="check")
    op.create_check_constraint(op.f("ck_decisions_never_poverty_alone"), "decisions", _NEVER_ALONE)
    for name, of_type in _MAY_WAIT.items():
        op.alter_column("decisions", name, existing_type=of_type, nullable=False)
