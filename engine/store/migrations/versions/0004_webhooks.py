"""Webhooks of servers.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("server_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("sealed_url", sa.Text, nullable=False),
        sa.Column("sealed_secret", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("webhooks_by_server", "webhooks", ["server_id", "created_at"])
    op.create_index("notifications_by_lane", "notifications", ["lane", "seq"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
