"""What an institution reported may be withdrawn by whoever reported it."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(
        op.f("ck_claims_state"), "claims", "state in ('reported','accepted','rejected','withdrawn')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    # The nearest that the older service knows: checked, and not accepted.
    op.execute("update claims set state = 'rejected' where state = 'withdrawn'")
    op.create_check_constraint(op.f("ck_claims_state"), "claims", "state in ('reported','accepted','rejected')")
