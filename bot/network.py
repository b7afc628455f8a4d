"""What discord.py lets out when Discord cannot be reached or answers nonsense."""

import json
from typing import Final

import aiohttp
import discord

NETWORK_FAULTS: Final = (
    discord.HTTPException,
    discord.RateLimited,
    aiohttp.ClientError,
    json.JSONDecodeError,
    OSError,
)

ANSWERED_WITHIN_S: Final = 15 * 60.0
"""As long as Discord lets a form be answered, and an answer be changed."""
