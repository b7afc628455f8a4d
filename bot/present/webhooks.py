"""What managers read about the webhooks of their server. The host is all that is shown of an address."""

from collections.abc import Sequence

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.reasons import reason
from bot.present.text import plain
from bot.present.when import ago, seconds_
from engine.actions.webhooks import LONGEST_NAME, Tried
from engine.domain.webhook import MOST_PER_SERVER, Webhook, WebhookKind
from engine.store.webhooks import WebhookStanding
from engine.tongue import say

_LONGEST_HOST = 100


def kind_name(kind: WebhookKind) -> str:
    """What the kind is called: Discord, Slack, ntfy, JSON."""
    names = {
        WebhookKind.DISCORD: "Discord",
        WebhookKind.SLACK: "Slack",
        WebhookKind.NTFY: "ntfy",
        WebhookKind.JSON: "JSON",
    }
    return names[kind]


def added(webhook: Webhook) -> discord.Embed:
    """It is kept."""
    lines = [
        f"**{_title(webhook)}** · {_host(webhook)}",
        say("From now on it gets a copy of every alert that is posted in this server."),
        say("What members take by direct message or on their phones is never copied."),
        "",
        say("Its address is stored encrypted and not shown again."),
    ]
    return embed(say("Webhook added"), lines, Tone.GOOD)


def listed(standings: Sequence[WebhookStanding], *, possible: bool) -> discord.Embed:
    """All of them, each with how it stands."""
    title = say("Webhooks of this server")
    if not possible:
        lines = [
            say(
                "Webhooks need a key that keeps their addresses: whoever runs me has to set {settings}.",
                settings="`PHONE_KEYS`, `PHONE_HASH_KEY`",
            )
        ]
        return embed(title, lines, Tone.CARE, fields=map(_field, standings))
    if not standings:
        lines = [
            say(
                "None yet. `/settings webhook add` copies every public alert to another channel, Slack, "
                "ntfy or a program of yours."
            )
        ]
        return embed(title, lines, Tone.CALM)
    footer = say("{count} of {most}", count=len(standings), most=MOST_PER_SERVER)
    paused = any(standing.paused_why for standing in standings)
    tone = Tone.CARE if paused else Tone.CALM
    return embed(title, [], tone, fields=map(_field, standings), footer=footer)


def removed(webhook: Webhook) -> discord.Embed:
    """It is forgotten."""
    lines = [f"**{_title(webhook)}**", say("Its address is deleted; nothing more is sent there.")]
    return embed(say("Webhook removed"), lines, Tone.PAST)


def tried(result: Tried) -> discord.Embed:
    """What came of a dry run."""
    name = f"**{_title(result.webhook)}** · {_host(result.webhook)}"
    took = seconds_(result.took_s, "0.00")
    if result.why is None:
        lines = [name, say("A message marked as a test was taken there after {took}.", took=took)]
        return embed(say("The test arrived"), lines, Tone.GOOD)
    why = plain_sentence(reason(result.why))
    lines = [
        name,
        say("After {took}: {why}.", took=took, why=why),
        "",
        say("Check the address where it comes from; to change it here, remove the webhook and add it anew."),
    ]
    return embed(say("The test did not arrive"), lines, Tone.CARE)


def _field(standing: WebhookStanding) -> Field:
    return Field(_title(standing.webhook), f"{_host(standing.webhook)}\n{_state(standing)}", wide=True)


def _state(standing: WebhookStanding) -> str:
    last = None
    if standing.delivered_at:
        last = say("Last delivery {when}", when=ago(standing.delivered_at))
    if standing.paused_why is not None:
        why = plain_sentence(reason(standing.paused_why))
        mend = say("Once it is mended, `/settings webhook test` opens it again.")
        paused = f"⏸️ {say('Paused: {why}.', why=why)} {mend}"
        return "\n".join(filter(None, (paused, last)))
    if standing.waiting_why is not None:
        why = plain_sentence(reason(standing.waiting_why))
        return "\n".join(filter(None, (f"⏳ {say('Trying again: {why}.', why=why)}", last)))
    return f"✅ {last}" if last else say("Nothing sent there yet")


def _title(webhook: Webhook) -> str:
    return f"{plain(webhook.name, LONGEST_NAME)} · {kind_name(webhook.kind)}"


def _host(webhook: Webhook) -> str:
    return f"`{plain(webhook.host, _LONGEST_HOST)}`"
