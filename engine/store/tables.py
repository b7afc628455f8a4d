"""The tables. A domain value is kept whole as JSON; beside it stand only the columns that queries need.

`migrations/versions` builds these tables; a test holds the two equal.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from engine.domain.alert import Notification
from engine.domain.budget import CallsMade
from engine.domain.calendars import Calendar
from engine.domain.judgement import WatchState
from engine.domain.member import Member
from engine.domain.quote import Hidden, Quote
from engine.domain.route import Route
from engine.domain.server import Server
from engine.domain.watch import Watch
from engine.store.columns import SERIAL, Instant, Json

METADATA: Final = MetaData()

ROUTES: Final = Table(
    "routes",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("route", Json(Route), nullable=False),
    Column("last_departure_on", Date),
    Column("next_look_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("last_look_at", Instant),
    Column("last_outcome", Text),
    Column("last_detail", Text),
    Column("last_quote", Json(Quote)),
    Column("last_quote_at", Instant),
    Column("failing_since", Instant),
    Column("failures", Integer, nullable=False),
    Column("last_hidden", Json(Hidden)),
    Index("routes_by_next_look", "next_look_at"),
)

WATCHES: Final = Table(
    "watches",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("route_id", Text, ForeignKey("routes.id"), nullable=False),
    Column("owner_kind", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("owner_server_id", Text),
    Column("status", Text, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("watch", Json(Watch), nullable=False),
    Column("state", Json(WatchState), nullable=False),
    Index("watches_by_route", "route_id", "status"),
    Index("watches_by_owner", "owner_id", "owner_kind"),
    Index("watches_by_removal", "removed_at"),
    Index("watches_by_server", "owner_server_id", "owner_kind"),
)

# Which lanes a watch tells on: whom a lane's fault concerns is a question of its own.
WATCH_LANES: Final = Table(
    "watch_lanes",
    METADATA,
    Column("lane", Text, primary_key=True),
    Column("watch_id", Text, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    Index("watch_lanes_by_watch", "watch_id"),
)

QUOTES: Final = Table(
    "quotes",
    METADATA,
    Column("seq", SERIAL, primary_key=True),
    Column("route_id", Text, ForeignKey("routes.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("quote", Json(Quote), nullable=False),
    Index("quotes_by_route", "route_id", "observed_at"),
    Index("quotes_by_source", "source", "observed_at", "route_id"),
    Index("quotes_by_age", "observed_at"),
)

# One row per route, day and source kind; kept when the quotes themselves are pruned.
DAY_LOWS: Final = Table(
    "day_lows",
    METADATA,
    Column("route_id", Text, ForeignKey("routes.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("low", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("looks", Integer, nullable=False),
)

# The outbox. `about_lane` is set on a NOTICE that tells an owner of a fault of that lane, `held_until`
# on a post that waits for the end of its owners' quiet hours;
# `first_leased_until` on a row that was ever in hand: it may be out, whatever became of it.
NOTIFICATIONS: Final = Table(
    "notifications",
    METADATA,
    Column("seq", SERIAL, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("route_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sending_since", Instant),
    Column("reconciled", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("ref", Text),
    Column("why", Text),
    Column("settled_at", Instant),
    Column("edits", Text),
    Column("about_lane", Text),
    Column("first_leased_until", Instant),
    Column("gathered_into", Text),
    Column("notification", Json(Notification), nullable=False),
    Column("held_until", Instant),
    Index("notifications_by_status", "status", "seq"),
    Index("notifications_by_post", "edits"),
    Index("notifications_by_fault", "about_lane", "lane"),
    Index("notifications_by_lane", "lane", "seq"),
    Index("notifications_by_list", "gathered_into"),
)

# Whom a notification names. No foreign key to watches: what was told outlives a removed watch.
SUBJECTS: Final = Table(
    "notification_subjects",
    METADATA,
    Column("watch_id", Text, primary_key=True),
    Column("notification_id", Text, ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True),
    Index("notification_subjects_by_notification", "notification_id"),
)

# Lanes that something was ever wrong with; `paused_at` is NULL again once a lane works.
LANES: Final = Table(
    "lanes",
    METADATA,
    Column("lane", Text, primary_key=True),
    Column("paused_at", Instant),
    Column("why", Text),
    Column("reinstated_at", Instant),
)

# Members' verified numbers: sealed, found by a keyed hash, one owner each; with the consent given.
# `verification` is Twilio's id of it (VE...), or that of a code of our own.
PHONES: Final = Table(
    "phones",
    METADATA,
    Column("member_id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("sealed", Text, nullable=False),
    Column("consent_version", Text, nullable=False),
    Column("consent_sentence", Text),
    Column("consented_at", Instant, nullable=False),
    Column("verification", Text, nullable=False),
    Column("verified_at", Instant, nullable=False),
)

# Numbers whose code is yet to be typed; without a verification where no code was sent.
PHONE_LINKS: Final = Table(
    "phone_links",
    METADATA,
    Column("member_id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("consent_version", Text, nullable=False),
    Column("consent_sentence", Text),
    Column("asked_at", Instant, nullable=False),
    Column("verification", Text),
    Column("checks", Integer, nullable=False),
)

# Each time a code was asked for, for a day: what the limits count.
PHONE_STARTS: Final = Table(
    "phone_starts",
    METADATA,
    Column("seq", SERIAL, primary_key=True),
    Column("member_id", Text, nullable=False),
    Column("server_id", Text),
    Column("fingerprint", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("phone_starts_by_age", "at"),
)

# Texts that were or may have been sent, codes among them; what the caps count.
SMS_LEDGER: Final = Table(
    "sms_ledger",
    METADATA,
    Column("ref", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("member_id", Text),
    Column("server_id", Text),
    Column("segments", Integer, nullable=False),
    Index("sms_ledger_by_day", "day"),
)

ROUTE_LISTS: Final = Table(
    "route_lists",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("rows", LargeBinary, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

# Calls made to each source that has a budget; what is limited stands in the settings.
CALLS: Final = Table(
    "calls",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("made", Json(CallsMade), nullable=False),
)

# What members and the people who run servers chose; `digest_due_at` is when a member's next digest is.
MEMBERS: Final = Table(
    "members",
    METADATA,
    Column("member_id", Text, primary_key=True),
    Column("member", Json(Member), nullable=False),
    Column("digest_due_at", Instant),
    Index("members_by_digest", "digest_due_at"),
)
SERVERS: Final = Table(
    "servers",
    METADATA,
    Column("server_id", Text, primary_key=True),
    Column("server", Json(Server), nullable=False),
)

# Consents that were withdrawn, by the keyed hash of the number. Rows are never deleted: what a phone
# said outlives the number and the member.
WITHDRAWALS: Final = Table(
    "phone_withdrawals",
    METADATA,
    Column("seq", SERIAL, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    Index("phone_withdrawals_by_fingerprint", "fingerprint"),
)

# Codes of our own that are yet to be typed: a keyed hash of each, never the code.
PHONE_CODES: Final = Table(
    "phone_codes",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Index("phone_codes_by_age", "made_at"),
)

# Addresses outside of Discord to which a server's public alerts are copied; address and secret sealed.
WEBHOOKS: Final = Table(
    "webhooks",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("server_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("sealed_url", Text, nullable=False),
    Column("sealed_secret", Text),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("webhooks_by_server", "server_id", "created_at"),
)

# What became of each text, by the provider's id. The alert and its lane are NULL while only the
# provider has spoken of it: its status may come before our own commit. `asked_at` is when the
# provider was asked for a status that never came, `followed_at` when what a final status asks for
# was done.
TEXTS: Final = Table(
    "texts",
    METADATA,
    Column("sid", Text, primary_key=True),
    Column("notification_id", Text),
    Column("lane", Text),
    Column("status", Text, nullable=False),
    Column("code", Integer),
    Column("sent_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("followed_at", Instant),
    Index("texts_by_notification", "notification_id"),
    Index("texts_by_lane", "lane", "sent_at"),
    Index("texts_by_age", "sent_at"),
)

# Why nothing is texted at all just now; `until` is NULL where only a new start helps.
TEXT_STOPS: Final = Table(
    "text_stops",
    METADATA,
    Column("sender", Text, primary_key=True),
    Column("code", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("by_status", Boolean, nullable=False),
)

# Texts that came in, each acted on once. Never pruned: a START may not be played back years later.
HEARD_TEXTS: Final = Table(
    "heard_texts",
    METADATA,
    Column("sid", Text, primary_key=True),
    Column("heard_at", Instant, nullable=False),
)

# What whoever runs the bot was told already, each thing once.
OPERATOR_NEWS: Final = Table(
    "operator_news",
    METADATA,
    Column("what", Text, primary_key=True),
    Column("told_at", Instant, nullable=False),
)

# Members with routes, as they were last found in their server; `left_at` is when they were not.
MEMBERSHIPS: Final = Table(
    "memberships",
    METADATA,
    Column("server_id", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
    Column("checked_at", Instant, nullable=False),
    Column("left_at", Instant),
    Index("memberships_by_leaving", "left_at"),
)

# Finds: the destinations of a route to anywhere. The newest quote of each; one row per find, day and source
# kind, as day_lows; and what a watch remembers of one, `stands` while it was told and is not over.
FINDS: Final = Table(
    "finds",
    METADATA,
    Column("route_id", Text, ForeignKey("routes.id"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("quote", Json(Quote), nullable=False),
    Index("finds_by_age", "seen_at"),
)
FIND_LOWS: Final = Table(
    "find_lows",
    METADATA,
    Column("route_id", Text, ForeignKey("routes.id"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("low", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("looks", Integer, nullable=False),
    Index("find_lows_by_age", "day"),
)
FIND_STATES: Final = Table(
    "find_states",
    METADATA,
    Column("watch_id", Text, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("changed_at", Instant, nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("state", Json(WatchState), nullable=False),
    Index("find_states_by_age", "stands", "changed_at"),
)

# Watches of which their owner was told that no source answers for their route.
FAILING_TOLD: Final = Table(
    "failing_told",
    METADATA,
    Column("watch_id", Text, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    Column("told_at", Instant, nullable=False),
)

# What leaving on each day of a window costs, of routes that leave a choice; rewritten by each look.
CALENDARS: Final = Table(
    "calendars",
    METADATA,
    Column("route_id", Text, ForeignKey("routes.id"), primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("calendar", Json(Calendar), nullable=False),
    Index("calendars_by_age", "seen_at"),
)
