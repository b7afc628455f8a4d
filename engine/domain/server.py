"""What the people who run a Discord server chose for it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine.domain.watch import Owner, OwnerKind
from engine.saying import Saying


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is in the server in which they act: their roles by id, and whether they manage it."""

    roles: frozenset[str] = frozenset()
    manages: bool = False


NOBODY = Standing()
"""What somebody is in direct messages: no roles, nothing to manage."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet with which a server's own routes are kept in step.

    `name` is the list that it holds; `channel_id` where its routes tell, None: where the server chose.
    `unread_since` and `why` say that it cannot be read just now, `said_so` that this was told; `faults`
    are the rows that cannot be understood, each told once. Older rows have both as plain text.
    """

    link: str
    name: str
    linked_at: datetime
    channel_id: str | None = None
    read_at: datetime | None = None
    unread_since: datetime | None = None
    why: Saying | str | None = None
    said_so: bool = False
    faults: tuple[Saying | str, ...] = ()


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server by its Discord id. What is None was never chosen.

    `channel_id` is where alerts of the server go by default, `timezone` an IANA name, `currency` an
    ISO 4217 code for routes added here, `locale` the language of public messages.
    `most_routes` is how many routes a member may have here, `most_by_role` how many with a role; the
    most that any of a member's roles allows counts in place of it. `watchers` are the roles that may
    add routes; without any, everybody may. `pings_owners`: alerts in channels ping who owns the route.
    `ping_role_id` is pinged by the server's own routes. `admin_channel_id` takes what its managers
    should know. `sheet` is kept in step with the server's own routes. Not chosen: `welcomed_at` is when
    the bot said hello, `left_at` when it was removed.
    """

    id: str
    channel_id: str | None = None
    currency: str | None = None
    timezone: str | None = None
    locale: str | None = None
    most_routes: int | None = None
    most_by_role: Mapping[str, int] = {}
    watchers: tuple[str, ...] = ()
    pings_owners: bool = True
    ping_role_id: str | None = None
    admin_channel_id: str | None = None
    sheet: Sheet | None = None
    welcomed_at: datetime | None = None
    left_at: datetime | None = None

    def admits(self, who: Standing) -> bool:
        """Whether somebody may add routes here; who manages the server always may."""
        return not self.watchers or who.manages or not who.roles.isdisjoint(self.watchers)

    def most_for(self, who: Standing) -> int | None:
        """How many routes somebody may have here; None is no limit of this server's."""
        by_role = [most for role, most in self.most_by_role.items() if role in who.roles]
        return max(by_role, default=self.most_routes)


def server_itself(server_id: str) -> Owner:
    """Who stands behind the routes of a server: the server, whoever runs it."""
    return Owner(OwnerKind.SERVER, server_id, server_id)


def acting_as(actor: Owner, standing: Standing, owner: Owner) -> Owner:
    """As whom somebody acts on a watch: who manages a server acts for it, and only from within it."""
    theirs = owner.kind is OwnerKind.SERVER and owner.id == actor.server_id
    return owner if theirs and standing.manages else actor
