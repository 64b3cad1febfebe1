"""A step of a foster family names the paper that proves it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Steps of before name none."""
    op.add_column("foster_steps", sa.Column("document", sa.String(), nullable=True))


def downgrade() -> None:
    """The names of papers go."""
    op.drop_column("foster_steps", "document")
