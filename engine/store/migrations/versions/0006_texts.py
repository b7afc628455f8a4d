"""What became of texts, why none go out, and since when a notification fails.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INSTANT = sa.BigInteger


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("sid", sa.Text, primary_key=True),
        sa.Column("notification_id", sa.Text),
        sa.Column("lane", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("asked_at", _INSTANT),
        sa.Column("followed_at", _INSTANT),
    )
    op.create_index("texts_by_notification", "texts", ["notification_id"])
    op.create_index("texts_by_lane", "texts", ["lane", "sent_at"])
    op.create_index("texts_by_age", "texts", ["sent_at"])
    op.create_table(
        "text_stops",
        sa.Column("sender", sa.Text, primary_key=True),
        sa.Column("code", sa.Integer, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT),
        sa.Column("by_status", sa.Boolean, nullable=False),
    )
    op.create_table(
        "heard_texts",
        sa.Column("sid", sa.Text, primary_key=True),
        sa.Column("heard_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "operator_news",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("told_at", _INSTANT, nullable=False),
    )
    with op.batch_alter_table("notifications") as notifications:
        notifications.add_column(sa.Column("failing_since", _INSTANT))


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
