"""Whether a row was ever in hand, and the list that a post was told in.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notifications") as table:
        table.add_column(sa.Column("first_leased_until", sa.BigInteger))
        table.add_column(sa.Column("gathered_into", sa.Text))
    op.create_index("notifications_by_list", "notifications", ["gathered_into"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
