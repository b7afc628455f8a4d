"""Commands as each language shows them: descriptions and choices; names stay as documents spell them."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from engine.tongue import ENGLISH, Tongues

_TRANSLATED = (
    Where.command_description,
    Where.group_description,
    Where.parameter_description,
    Where.choice_name,
)


class Translator(app_commands.Translator):
    """Looks every description and choice up in the catalogues."""

    def __init__(self, tongues: Tongues) -> None:
        self._tongues = tongues

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in that language; None where it stays English."""
        tongue = self._tongues.of(locale.value)
        if context.location not in _TRANSLATED or tongue.locale == ENGLISH:
            return None
        text = tongue.texts.get(string.message)
        return text if isinstance(text, str) else None
