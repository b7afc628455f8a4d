"""The command line `fare-engine`: parses, calls, presents; exit codes as the contract has them.

0 done, 1 anything else, 2 settings wrong, 3 store unusable. Heavy libraries are imported inside the
commands, so that `--help` answers at once.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from engine.errors import EngineError, SettingsFault, StoreUnusable

FAILED: Final = 1
SETTINGS_WRONG: Final = 2
STORE_UNUSABLE: Final = 3

# No pretty tracebacks: they print local variables, and those may hold a secret.
app = typer.Typer(
    help="Looks at flight fares and tells when one meets its target.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Entry point of `fare-engine` and of `python -m engine`."""
    app()


@app.command()
def run(
    *,
    once: Annotated[bool, typer.Option("--once", help="Look at every route now, deliver, and end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per batch, not lines.")] = False,
    every: Annotated[
        str | None, typer.Option(metavar="15m", help="How often to look; overrides CHECK_INTERVAL.")
    ] = None,
    routes: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|sheet|sheety", help="A CSV file of routes, or the sheet that the settings name."
        ),
    ] = None,
) -> None:
    """Run the engine without Discord: alerts go to the console and to TO_NUMBER."""

    def command() -> int:
        from engine.headless import commands

        return commands.run(once=once, as_json=json, every=every, routes=routes)

    _exit_with(command)


@app.command()
def quote(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Airport or city code, or a city's name.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="The same of where to.")],
    *,
    depart: Annotated[str, typer.Option(metavar="2027-03-10", help="The day out.")],
    return_: Annotated[
        str | None, typer.Option("--return", metavar="2027-03-24", help="The day back; none: one way.")
    ] = None,
    adults: Annotated[int, typer.Option(help="How many travel, 1 to 9.")] = 1,
    currency: Annotated[
        str | None, typer.Option(metavar="EUR", help="Currency of the prices; none: HOME_CURRENCY.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Ask this source only.")] = None,
    save_reply: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the source's reply as it came.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, not a table.")] = False,
) -> None:
    """Look once and print the quotes, or what came in their place."""

    def command() -> int:
        from engine.headless import commands

        request = commands.QuoteRequest(
            origin=origin,
            destination=destination,
            depart=depart,
            return_=return_,
            adults=adults,
            currency=currency,
        )
        return commands.quote(request, source=source, save_reply=save_reply, as_json=json)

    _exit_with(command)


@app.command()
def doctor(
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, not a screen.")] = False,
) -> None:
    """Check settings, database, sources, Twilio and Discord; say of each what is wrong and what to do."""

    def command() -> int:
        from engine.doctor.command import doctor

        return doctor(as_json=json)

    _exit_with(command)


@app.command()
def keys() -> None:
    """Print fresh PHONE_KEYS and PHONE_HASH_KEY lines for .env; members' phone numbers need both."""

    def command() -> int:
        from engine.headless.keys import key_lines

        typer.echo(key_lines())
        return 0

    _exit_with(command)


@app.command(name="rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything anew with the first key of PHONE_KEYS; stop the bot first. May be cut off."""

    def command() -> int:
        from engine.headless.rotating import rotate_keys

        typer.echo(rotate_keys())
        return 0

    _exit_with(command)


def _exit_with(command: Callable[[], int]) -> NoReturn:
    """Run a command and end the process with its code; expected faults become sentences."""
    try:
        code = command()
    except SettingsFault as fault:
        code = _told(SETTINGS_WRONG, "The settings cannot be used:", *(f"  {line}" for line in fault.faults))
    except StoreUnusable as fault:
        code = _told(STORE_UNUSABLE, f"The database cannot be used: {fault}")
    except EngineError as fault:
        code = _told(FAILED, str(fault))
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)


def _told(code: int, *sentences: str) -> int:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    return code


if __name__ == "__main__":
    main()
