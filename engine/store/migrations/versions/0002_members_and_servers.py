"""What members and servers chose.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("member_id", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, nullable=False),
    )
    op.create_table(
        "servers",
        sa.Column("server_id", sa.Text, primary_key=True),
        sa.Column("server", sa.Text, nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
