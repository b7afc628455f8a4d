"""The first tables: routes, watches, quotes, daily lows, the outbox, lanes, phones and route lists.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.BigInteger


def upgrade() -> None:
    _routes_and_watches()
    _prices()
    _outbox()
    _phones()
    op.create_table(
        "route_lists",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("rows", sa.LargeBinary, nullable=False),
        sa.Column("saved_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("made", sa.Text, nullable=False),
    )


def _routes_and_watches() -> None:
    op.create_table(
        "routes",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("last_departure_on", sa.Date),
        sa.Column("next_look_at", _INSTANT, nullable=False),
        sa.Column("leased_until", _INSTANT),
        sa.Column("last_look_at", _INSTANT),
        sa.Column("last_outcome", sa.Text),
        sa.Column("last_detail", sa.Text),
        sa.Column("last_quote", sa.Text),
        sa.Column("last_quote_at", _INSTANT),
        sa.Column("failing_since", _INSTANT),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index("routes_by_next_look", "routes", ["next_look_at"])
    op.create_table(
        "watches",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), nullable=False),
        sa.Column("owner_kind", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("owner_server_id", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("removed_at", _INSTANT),
        sa.Column("watch", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("watches_by_route", "watches", ["route_id", "status"])
    op.create_index("watches_by_owner", "watches", ["owner_id", "owner_kind"])
    op.create_index("watches_by_removal", "watches", ["removed_at"])
    op.create_table(
        "watch_lanes",
        sa.Column("lane", sa.Text, primary_key=True),
        sa.Column("watch_id", sa.Text, sa.ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("watch_lanes_by_watch", "watch_lanes", ["watch_id"])


def _prices() -> None:
    op.create_table(
        "quotes",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("observed_at", _INSTANT, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
    )
    op.create_index("quotes_by_route", "quotes", ["route_id", "observed_at"])
    op.create_index("quotes_by_source", "quotes", ["source", "observed_at", "route_id"])
    op.create_index("quotes_by_age", "quotes", ["observed_at"])
    op.create_table(
        "day_lows",
        sa.Column("route_id", sa.Text, sa.ForeignKey("routes.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "notifications",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("route_id", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("not_before", _INSTANT, nullable=False),
        sa.Column("leased_until", _INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sending_since", _INSTANT),
        sa.Column("reconciled", sa.Integer, nullable=False),
        sa.Column("ref", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("settled_at", _INSTANT),
        sa.Column("edits", sa.Text),
        sa.Column("about_lane", sa.Text),
        sa.Column("notification", sa.Text, nullable=False),
    )
    op.create_index("notifications_by_status", "notifications", ["status", "seq"])
    op.create_index("notifications_by_post", "notifications", ["edits"])
    op.create_index("notifications_by_fault", "notifications", ["about_lane", "lane"])
    op.create_table(
        "notification_subjects",
        sa.Column("watch_id", sa.Text, primary_key=True),
        sa.Column(
            "notification_id",
            sa.Text,
            sa.ForeignKey("notifications.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    op.create_index("notification_subjects_by_notification", "notification_subjects", ["notification_id"])
    op.create_table(
        "lanes",
        sa.Column("lane", sa.Text, primary_key=True),
        sa.Column("paused_at", _INSTANT),
        sa.Column("why", sa.Text),
        sa.Column("reinstated_at", _INSTANT),
    )


def _phones() -> None:
    op.create_table(
        "phones",
        sa.Column("member_id", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False, unique=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("consent_version", sa.Text, nullable=False),
        sa.Column("consented_at", _INSTANT, nullable=False),
        sa.Column("verification_sid", sa.Text, nullable=False),
        sa.Column("verified_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "phone_links",
        sa.Column("member_id", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("consent_version", sa.Text, nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("verification_sid", sa.Text),
        sa.Column("checks", sa.Integer, nullable=False),
    )
    op.create_table(
        "phone_starts",
        sa.Column("seq", _SERIAL, primary_key=True),
        sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("server_id", sa.Text),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_index("phone_starts_by_age", "phone_starts", ["at"])
    op.create_table(
        "sms_ledger",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("member_id", sa.Text),
        sa.Column("server_id", sa.Text),
        sa.Column("segments", sa.Integer, nullable=False),
    )
    op.create_index("sms_ledger_by_day", "sms_ledger", ["day"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup")
