"""What a member reads about who reads their alerts."""

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.route import places
from bot.present.scene import Scene
from engine.domain.watch import Destination
from engine.tongue import say


def question(tell: tuple[Destination, ...], scene: Scene) -> Field:
    """Asked once, below the answer to a first route."""
    text = say(
        "I tell you {place}, where others can read along. "
        "Shall I rather tell you by direct message, this one and all you add later?",
        place=places(tell, scene.here),
    )
    return Field(say("One question"), text, wide=True)


def chosen(*, private: bool) -> str:
    """What holds from now on."""
    if private:
        return say("New routes tell you by direct message: nobody else sees them, in no list and no channel.")
    return say("New routes tell you in channels. For one of them, say **where: Direct message**.")


def place_chosen(*, private: bool, brought: bool = False) -> discord.Embed:
    """The answer to the choice itself; `brought`: made where no channel can be posted in."""
    lines = [
        chosen(private=private),
        None if private or not brought else say("Here it has to be by direct message: I cannot post here."),
        say("Routes that you have already stay where they are."),
    ]
    return embed(say("Saved"), lines, Tone.GOOD)
