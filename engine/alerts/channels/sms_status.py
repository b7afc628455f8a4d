"""Asks Twilio what became of a text, where nobody told us."""

import structlog
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import REFUSALS, UNREADABLE
from engine.domain.textstatus import TextNews, TextStatus, read_status

logger = structlog.get_logger(__name__)


class SmsStatus:
    """One account; `client` stands on the project's transport."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, sid: str) -> TextNews | None:
        """The status of a text by its id; None when there is no usable answer."""
        try:
            message = await self._client.messages(sid).fetch_async()
            word, code = message.status, message.error_code
        except (*REFUSALS, *UNREADABLE) as fault:
            logger.info("text_status_unknown", text=sid, fault=type(fault).__name__)
            return None
        status = read_status(word) if isinstance(word, str) else None
        # What Twilio has no word of ours for will not become any clearer.
        return TextNews(
            sid=sid, status=status or TextStatus.ACCEPTED, code=code if isinstance(code, int) else None
        )
