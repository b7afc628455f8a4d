"""Every command there is, for the bot and for registering by hand."""

from discord import app_commands

from bot.commands.route import RouteCommands
from bot.commands.sms import SmsCommands


def groups() -> list[app_commands.Group]:
    """Fresh instances, one per client."""
    return [RouteCommands(), SmsCommands()]
