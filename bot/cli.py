"""`fare-bot run`, `fare-bot sync`, `fare-bot demo`."""

import asyncio
import sys
from typing import Annotated

import typer

from bot import app as bot_app
from bot.connection import ConnectionRefused
from bot.registering import register
from engine.errors import SettingsFault
from engine.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local variables, and those may hold a secret
    rich_markup_mode=None,
    help="The Discord bot that tells you when a flight gets cheap.",
)


@app.command()
def run(
    *,
    stay: Annotated[
        bool, typer.Option("--stay", help="Stay up and say why when the settings make running impossible.")
    ] = False,
) -> None:
    """Run the bot and the fare engine until told to end."""
    raise typer.Exit(bot_app.main(stay=stay))


@app.command()
def sync(
    guild: Annotated[
        int | None, typer.Option(help="Register in this server only, where commands appear at once.")
    ] = None,
) -> None:
    """Register the slash commands with Discord, whether or not they changed."""
    try:
        settings = Settings.load(required=("DISCORD_TOKEN",))
    except SettingsFault as fault:
        for line in fault.faults:
            typer.echo(line, err=True)
        raise typer.Exit(bot_app.SETTINGS_WRONG) from None
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    try:
        names = asyncio.run(register(token, guild or settings.discord_dev_guild_id))
    except ConnectionRefused as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(bot_app.DISCORD_REFUSES) from None
    typer.echo(f"{len(names)} commands registered: {', '.join(names)}")


@app.command()
def demo(
    *,
    script: Annotated[
        bool, typer.Option("--script", help="Play a scripted evening instead of opening a page.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="With --script: print one JSON object.")] = False,
    port: Annotated[int | None, typer.Option(help="The page's port; any free one unless given.")] = None,
) -> None:
    """The bot in a simulated Discord, with simulated fares and a simulated phone."""
    try:
        from bot.demo import main as demonstration
    except ModuleNotFoundError as missing:
        if missing.name != "simcord":
            raise
        typer.echo("The demo needs the simulated Discord: run make demo.", err=True)
        raise typer.Exit(bot_app.OTHER) from None
    if script:
        raise typer.Exit(demonstration.script(as_json=json))
    raise typer.Exit(demonstration.page(port=port))


def main() -> None:
    """The entry point of `fare-bot` and `python -m bot`."""
    sys.exit(app())


if __name__ == "__main__":
    main()
