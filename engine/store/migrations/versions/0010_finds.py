"""Finds of routes to anywhere: their newest quotes, what they used to cost, what watches remember of them.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finds",
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
    )
    op.create_index("finds_by_age", "finds", ["seen_at"])
    op.create_table(
        "find_lows",
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
    )
    op.create_index("find_lows_by_age", "find_lows", ["day"])
    op.create_table(
        "find_states",
        sa.Column("watch_id", sa.Text, sa.ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("find_states_by_age", "find_states", ["stands", "changed_at"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
