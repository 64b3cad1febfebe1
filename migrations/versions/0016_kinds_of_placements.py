"""The planner learns which kinds of placement follow which.

Without it, it takes the first exits from institutions for rare, and looks up the earlier placements of each child one
by one where reading the table once is enough.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Statistics of two columns together."""
    op.execute("create statistics placements_kinds (mcv) on kind, from_kind from placements")
    op.execute("analyze placements")


def downgrade() -> None:
    """Each column for itself."""
    op.execute("drop statistics placements_kinds")
