"""What the filters of a route hid at its last look.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("routes") as routes:
        routes.add_column(sa.Column("last_hidden", sa.Text))


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
