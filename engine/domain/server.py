"""What the people who run a Discord server chose for it."""

import msgspec


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server by its Discord id. What is None was never chosen.

    `channel_id` is where alerts of the server go by default, `timezone` an IANA name, `currency` an
    ISO 4217 code for routes added here, `locale` the language of public messages.
    """

    id: str
    channel_id: str | None = None
    currency: str | None = None
    timezone: str | None = None
    locale: str | None = None
