"""Posts that wait for the end of quiet hours, and when each member's digest is due.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INSTANT = sa.BigInteger


def upgrade() -> None:
    with op.batch_alter_table("notifications") as notifications:
        notifications.add_column(sa.Column("held_until", _INSTANT))
    with op.batch_alter_table("members") as members:
        members.add_column(sa.Column("digest_due_at", _INSTANT))
    op.create_index("members_by_digest", "members", ["digest_due_at"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
