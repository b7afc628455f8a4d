"""Whether a request to a webhook was sent by Twilio: its signature over the public address and all fields."""

from typing import Final

from multidict import CIMultiDictProxy, MultiDict
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

_KNOWN: Final = (HMAC_SHA1, HMAC_SHA256)


class Signatures:
    """Checks signatures with the account's auth token, whichever pair the REST calls are made with.

    `public_base_url` is the scheme and host that Twilio calls: what a request says of its host itself,
    or a proxy of it, is never believed.
    """

    def __init__(self, auth_token: str, public_base_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._base = public_base_url.rstrip("/")

    def hold(self, path: str, query: str, fields: MultiDict[str], headers: CIMultiDictProxy[str]) -> bool:
        """Whether the request is signed as Twilio signs; `query` is as it stood on the wire.

        A signature says nothing of when it was made: whoever has a signed request may send it again.
        """
        signature = headers.get(SIGNATURE_HEADER)
        if not signature or not signature.isascii():
            return False
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
        if algorithm.upper() not in _KNOWN:  # the library would write the stranger's word into the log
            return False
        address = f"{self._base}{path}?{query}" if query else f"{self._base}{path}"
        return bool(self._validator.validate(address, fields, signature, algorithm))
