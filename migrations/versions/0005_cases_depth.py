"""What a case holds: steps, risk over time, concerns, transfers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("children", sa.Column("supervising_post_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_children_supervising_post_id"), "children", "posts", ["supervising_post_id"], ["id"]
    )
    op.create_index(
        "ix_children_supervising_post_id",
        "children",
        ["supervising_post_id"],
        postgresql_where=sa.text("supervising_post_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_children_supervising_post_id", table_name="children")
    op.drop_constraint(op.f("fk_children_supervising_post_id"), "children", type_="foreignkey")
    op.drop_column("children", "supervising_post_id")
