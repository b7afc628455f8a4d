"""What a member reads who uses the bot where it cannot post."""

import discord

from bot.present.embeds import Field, Tone, embed
from engine.tongue import say


def told_privately(*, reachable: bool) -> Field:
    """Below the answer to new routes: where their alerts come, and what to do where they cannot."""
    lines = [say("I cannot post here, so I tell you by direct message.")]
    if not reachable:
        lines.append(
            say(
                "⚠️ But Discord does not let me write to you. Open my profile, press *Message* and send me "
                "any word, or allow direct messages in your privacy settings; `/alerts test` tries it again."
            )
        )
    return Field(say("Where I tell you"), "\n".join(lines), wide=True)


def hello() -> discord.Embed:
    """The first direct message: it shows that they arrive."""
    lines = [
        say("You added a route where I cannot post, so its alerts come here."),
        say("All my commands work here as well: `/route list` shows what you watch."),
    ]
    return embed(say("Here I write to you"), lines, Tone.CALM)
