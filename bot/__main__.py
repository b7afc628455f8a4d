"""`python -m bot` is `fare-bot`."""

from bot.cli import main

main()
