"""What leaving on each day of a window costs.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
    )
    op.create_index("calendars_by_age", "calendars", ["seen_at"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
