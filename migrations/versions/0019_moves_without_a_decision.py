"""A placement says why a child left an institution for it before anybody had decided so."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Placements of before say nothing of it."""
    op.add_column("placements", sa.Column("undecided_reason", sa.String(), nullable=True))


def downgrade() -> None:
    """The reasons go."""
    op.drop_column("placements", "undecided_reason")
