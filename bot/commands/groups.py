"""Every command there is, for the bot and for registering by hand."""

from typing import Any

from discord import app_commands

from bot.commands.alerts import AlertCommands
from bot.commands.help import help_command
from bot.commands.privacy import privacy_command
from bot.commands.route import RouteCommands
from bot.commands.settings import SettingsCommands
from bot.commands.sms import SmsCommands
from bot.commands.status import status_command


def groups() -> list[app_commands.Group | app_commands.Command[Any, ..., Any]]:
    """Fresh instances, one per client."""
    return [
        RouteCommands(),
        AlertCommands(),
        SmsCommands(),
        SettingsCommands(),
        status_command(),
        privacy_command(),
        help_command(),
    ]
