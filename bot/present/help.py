"""The one page that says what can be done."""

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.scene import Scene
from bot.present.when import every
from engine.tongue import say


def help_page(scene: Scene, *, manages: bool) -> discord.Embed:
    """How to begin, then the commands by what one wants; a server's settings for who manages it."""
    begin = say(
        "Tell me a journey and I watch its fare {often}. "
        "I write once when it gets cheap, keep that message true, and stay quiet otherwise.",
        often=every(scene.interval),
    )
    fields = [
        Field(
            say("Begin"),
            say(
                "`/route add` from, to, when, and what you would pay at most\n"
                "When may leave a choice, as in `any Fri-Sun in the next 90 days`; to may be `anywhere`"
            ),
            wide=True,
        ),
        Field(
            say("Your routes"),
            say(
                "`/route list` all of them · `show` one · `history` as a picture · `check` right now\n"
                "`edit` it in one form · `pause`, `resume`, `remove` · `import` and `export` as a file"
            ),
            wide=True,
        ),
        Field(
            say("How you hear of it"),
            say(
                "`/alerts recent` what I told you · `quiet` hours in which I do not · `digest` once a day\n"
                "`/sms link` on your phone too"
            ),
            wide=True,
        ),
    ]
    if manages:
        fields.append(Field(say("This server"), say("`/settings show` what is set for everybody"), wide=True))
    fields.append(
        Field(
            say("And"), say("`/status` how I am · `/privacy` what I know about you, and delete it"), wide=True
        )
    )
    return embed(say("What I do"), [begin], Tone.CALM, fields=fields)
