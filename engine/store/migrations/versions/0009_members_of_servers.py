"""Who was seen in which server, and whose route was said to fail.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("server_id", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Text, primary_key=True),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("left_at", sa.BigInteger),
    )
    op.create_index("memberships_by_leaving", "memberships", ["left_at"])
    op.create_table(
        "failing_told",
        sa.Column("watch_id", sa.Text, sa.ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("told_at", sa.BigInteger, nullable=False),
    )
    op.create_index("watches_by_server", "watches", ["owner_server_id", "owner_kind"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
