"""A message of the lane as Discord will show it, and the mark by which it is found again."""

from typing import Final, NamedTuple

import discord

from bot.present.links import Link
from engine.domain.alert import Notification

"""The reasons that say that a fare is gone."""

_REFERENCE_LENGTH: Final = 8


class Told(NamedTuple):
    """What is posted, or what a post is changed to.

    `pinged` are the only members it may ping, `roles` the only roles. `followed`: it stands for a
    route that is watched, so that the buttons under it do something.
    """

    content: str
    embed: discord.Embed
    pinged: tuple[int, ...]
    link: Link | None
    roles: tuple[int, ...] = ()
    followed: bool = True


def reference(notification: Notification) -> str:
    """The short mark at the foot of a post by which it is found in a channel's history."""
    return f"ref {(notification.edits or notification.id)[:_REFERENCE_LENGTH]}"
