"""Withdrawn consents, codes of our own, and the consent sentence kept with each number.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.BigInteger


def upgrade() -> None:
    for name in ("phones", "phone_links"):
        with op.batch_alter_table(name) as table:
            table.alter_column("verification_sid", new_column_name="verification")
            table.add_column(sa.Column("consent_sentence", sa.Text))
    op.create_table(
        "phone_withdrawals",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("undone_at", _INSTANT),
    )
    op.create_index("phone_withdrawals_by_fingerprint", "phone_withdrawals", ["fingerprint"])
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("phone_codes_by_age", "phone_codes", ["made_at"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
