"""Discord: whether it takes the token, and the link by which the bot is invited.

Plain HTTP, a request or two and no gateway: no identify is spent, and a running bot is not disturbed.
"""

from typing import Annotated, Final

import aiohttp
import msgspec

from engine.doctor.findings import Area, Finding, State
from engine.fares.exchange import Method, Reply, Unanswered, exchange
from engine.headless.words import detail
from engine.invite import invite_link, own_apps_link
from engine.settings import Settings

API: Final = "https://discord.com/api/v10"
# Discord asks every client to name itself so, and may turn away those that do not.
_USER_AGENT: Final = "DiscordBot (self-hosted fare-engine, 0.1)"
_TIMEOUT_S: Final = 10.0
_OK, _UNAUTHORIZED, _TOO_MANY = 200, 401, 429
_TO_USER: Final = "1"  # "Application Integration Types"
_NOT_SEEN: Final = (403, 404)
_PORTAL: Final = "discord.com/developers/applications"


class _Application(msgspec.Struct):
    """The application of the bot that asks."""

    id: Annotated[str, msgspec.Meta(pattern=r"^\d{1,20}$")]
    name: str = ""
    approximate_guild_count: int | None = None
    integration_types_config: dict[str, msgspec.Raw] = {}


async def check_discord(
    settings: Settings, session: aiohttp.ClientSession, *, api: str = API
) -> list[Finding]:
    """Ask Discord who the token is, and for the operator's channel."""
    if settings.discord_token is None:
        says = "DISCORD_TOKEN is not set: `make run` needs it, `fare-engine run` does not."
        return [_finding(State.UNSET, says, f"{_PORTAL}: New Application, Bot, Reset Token.")]
    token = settings.discord_token.get_secret_value()
    if not token.isascii() or not token.isprintable() or " " in token:
        return [_refused()]
    try:
        reply = await _ask(session, token, f"{api}/applications/@me")
        found = _who(reply.status, reply.body)
        if settings.operator_channel_id is not None and not any(finding.blocks for finding in found):
            address = f"{api}/channels/{settings.operator_channel_id}"
            found.append(_operators_channel((await _ask(session, token, address)).status))
    except Unanswered as why:
        advice = "Check this machine's way to the internet. A running bot goes on trying by itself."
        return [_finding(State.WRONG, f"Discord cannot be reached ({why.detail}).", advice, blocks=True)]
    return found


async def _ask(session: aiohttp.ClientSession, token: str, address: str) -> Reply:
    return await exchange(
        session,
        Method.GET,
        address,
        timeout_s=_TIMEOUT_S,
        headers={"Authorization": f"Bot {token}", "User-Agent": _USER_AGENT},
    )


def _who(status: int, body: bytes) -> list[Finding]:
    if status == _UNAUTHORIZED:
        return [_refused()]
    if status != _OK:
        return [_unwell(status)]
    try:
        return _invitation(msgspec.json.decode(body, type=_Application))
    except msgspec.MsgspecError:
        return [_finding(State.WRONG, "Discord's answer cannot be read.", "Try again later.", blocks=True)]


def _operators_channel(status: int) -> Finding:
    """Whether the bot sees the channel in which it is to tell whoever runs it."""
    if status == _OK:
        return _finding(State.OK, "OPERATOR_CHANNEL_ID is a channel that the bot sees.")
    if status in _NOT_SEEN:
        advice = "Invite the bot to that server, let it see the channel, and copy the channel's id anew."
        return _finding(State.WRONG, "The bot does not see the channel of OPERATOR_CHANNEL_ID.", advice)
    return _finding(
        State.CAREFUL, f"OPERATOR_CHANNEL_ID could not be looked at (HTTP {status}).", "Try again."
    )


def _invitation(application: _Application) -> list[Finding]:
    link = invite_link(int(application.id))
    says = f"Discord takes the token: {detail(application.name)}, application {application.id}."
    if application.approximate_guild_count == 0:
        invite = _finding(State.CAREFUL, f"{says} It is in no server yet.", f"Invite it: {link}")
    else:
        invite = _finding(State.OK, says, f"Invite it to another server: {link}")
    return [invite, _own_apps(application)]


def _own_apps(application: _Application) -> Finding:
    """Whether people can add it to their own apps, to use it in direct messages and elsewhere."""
    if _TO_USER in application.integration_types_config:
        link = own_apps_link(int(application.id))
        return _finding(State.OK, "People can add it to their own apps, and use it anywhere.", link)
    advice = f"If you want that, {_PORTAL}: Installation, User Install, scope applications.commands."
    return _finding(State.UNSET, "People cannot add it to their own apps.", advice)


def _refused() -> Finding:
    return _finding(
        State.WRONG,
        "Discord does not take DISCORD_TOKEN.",
        f"{_PORTAL}: your application, Bot, Reset Token; not the public key nor the client secret.",
        blocks=True,
    )


def _unwell(status: int) -> Finding:
    if status == _TOO_MANY:
        return _finding(State.CAREFUL, "Discord asks for patience (HTTP 429).", "Try again in some minutes.")
    says = f"Discord does not answer as it should (HTTP {status})."
    return _finding(State.WRONG, says, "discordstatus.com says whether it is unwell.", blocks=True)


def _finding(state: State, says: str, advice: str | None = None, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.DISCORD, name="discord", state=state, says=says, advice=advice, blocks=blocks)
