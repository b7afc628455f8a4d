"""A pretend Google: the values of Sheets API v4, tokens for service accounts, and CSV links.

As there: rows lack their empty ends, an empty range has no `values`, a key reads only what everyone with
the link may see, a private sheet's CSV link leads to a login page that says 200, and errors come as
`{"error": {...}}` with Google's own words.
"""

import base64
import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Final

import msgspec
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan
from sandbox.ledger import Ledger
from sandbox.worksheet import Worksheet, first_tab, shown

SERVICE: Final = "sheets"
SHEET_ID: Final = "sandbox-sheet-0123456789"
API_KEY: Final = "sandbox-google-key"
ACCOUNT: Final = "fares@sandbox.iam.gserviceaccount.com"
TOKEN_PATH: Final = "/token"  # noqa: S105  an address
LOGIN_PAGE: Final = "<!DOCTYPE html><html><head><title>Google Docs: Sign-in</title></head></html>"

_SCOPE: Final = "https://www.googleapis.com/auth/spreadsheets"
_RANGE: Final = re.compile(
    r"(?:(?P<tab>'[^']+'|[^!]+)!)?(?P<a>[A-Z]{1,2})(?P<b>\d*):(?P<c>[A-Z]{1,2})(?P<d>\d*)"
)
_CELL: Final = re.compile(r"(?:(?P<tab>'[^']+'|[^!]+)!)?(?P<a>[A-Z]{1,2})(?P<b>\d+)")
_LAST_ROW: Final = 1000


class FakeSheets:
    """The service; `faults` trouble its reads, `writing_faults` its writes.

    `open_to_all` is the link sharing, `account_may` what the sheet is shared with the service account
    for: "edit", "view" or nothing.
    """

    def __init__(self, ledger: Ledger, sheet: Worksheet | None = None) -> None:
        self.ledger = ledger
        self.sheet = sheet or first_tab()
        self.open_to_all = True
        self.account_may = "edit"
        self.faults = FaultPlan()
        self.writing_faults = FaultPlan()
        self.base_url = ""
        self._key: rsa.RSAPrivateKey | None = None
        self._tokens: dict[str, str] = {}

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.get("/v4/spreadsheets/{id}/values/{range}", self._values),
            web.post("/v4/spreadsheets/{id}/values:batchUpdate", self._update),
            web.post(TOKEN_PATH, self._token),
            web.get("/spreadsheets/d/{id}/export", self._export),
            web.get("/spreadsheets/d/e/{id}/pub", self._export),
            web.get("/export/{id}", self._csv),
        ]

    def key_file(self) -> str:
        """The JSON that a console hands out for the service account. Blocks while a key is made."""
        if self._key is None:
            self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return json.dumps(
            {
                "type": "service_account",
                "client_email": ACCOUNT,
                "private_key": pem.decode(),
                "token_uri": f"{self.base_url}{TOKEN_PATH}",
            }
        )

    async def _values(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request, writing=False)
        if refused is not None:
            return refused
        trouble = self.faults.take(dict(request.query))
        if trouble is not None:
            return await _troubled(request, trouble.fault, trouble.retry_after)
        asked = _RANGE.fullmatch(request.match_info["range"])
        tab = next(iter(self.sheet.tabs), "")
        if asked is not None and asked["tab"]:
            tab = asked["tab"].strip("'")
        if asked is None and request.match_info["range"].strip("'") in self.sheet.tabs:
            tab = request.match_info["range"].strip("'")
            asked = _RANGE.fullmatch("A1:Z")
        if asked is None or tab not in self.sheet.tabs:
            return _error(400, "INVALID_ARGUMENT", f"Unable to parse range: {request.match_info['range']}")
        top, left, right = int(asked["b"] or 1), _index(asked["a"]), _index(asked["c"])
        bottom = min(int(asked["d"] or _LAST_ROW), _LAST_ROW)
        rows = [_trimmed(row[left : right + 1]) for row in self.sheet.rows(tab)[top - 1 : bottom]]
        while rows and not rows[-1]:
            rows.pop()
        body: dict[str, object] = {
            "range": f"{_quoted(tab)}!{asked['a']}{top}:{asked['c']}{bottom}",
            "majorDimension": "ROWS",
        }
        return web.json_response(body | ({"values": rows} if rows else {}))

    async def _update(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request, writing=True)
        if refused is not None:
            return refused
        trouble = self.writing_faults.take({})
        if trouble is not None:
            return await _troubled(request, trouble.fault, trouble.retry_after)
        body = await request.json()
        for change in body["data"]:
            cell = _CELL.fullmatch(change["range"])
            if cell is None or body["valueInputOption"] not in ("RAW", "USER_ENTERED"):
                return _error(400, "INVALID_ARGUMENT", f"Unable to parse range: {change['range']}")
            tab = (cell["tab"] or next(iter(self.sheet.tabs))).strip("'")
            self.sheet.put(tab, int(cell["b"]), _index(cell["a"]), shown(change["values"][0][0]))
        return web.json_response({"totalUpdatedCells": len(body["data"])})

    def _refused(self, request: web.Request, *, writing: bool) -> web.Response | None:
        if request.match_info["id"] != SHEET_ID:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        scope = self._tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if "Authorization" in request.headers:
            if scope is None:
                return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
            may = self.account_may == "edit" and scope == _SCOPE if writing else self.account_may
            return None if may else _error(403, "PERMISSION_DENIED", "The caller does not have permission")
        if request.query.get("key") != API_KEY:
            return _error(
                400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID"
            )
        if writing or not self.open_to_all:
            return _error(403, "PERMISSION_DENIED", "The caller does not have permission")
        return None

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        claims = self._claims(str(form.get("assertion", "")))
        if claims is None:
            return web.json_response(
                {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, status=400
            )
        token = f"ya29.sandbox-{len(self._tokens)}"
        self._tokens[token] = str(claims["scope"])
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _claims(self, assertion: str) -> Mapping[str, object] | None:
        """What a signed request claims, None where it is not signed by the account for this address."""
        head, _, signature = assertion.rpartition(".")
        if self._key is None or head.count(".") != 1:
            return None
        try:
            self._key.public_key().verify(
                _decoded(signature), head.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims = msgspec.json.decode(_decoded(head.split(".")[1]), type=dict[str, str | int])
        except (InvalidSignature, ValueError):
            return None
        good = claims.get("iss") == ACCOUNT and claims.get("aud") == f"{self.base_url}{TOKEN_PATH}"
        return claims if good else None

    async def _export(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["id"] != SHEET_ID:
            return web.Response(status=404, text="<html>Sorry, the file does not exist.</html>")
        raise web.HTTPTemporaryRedirect(
            f"{self.base_url}/export/{SHEET_ID}?gid={request.query.get('gid', 0)}"
        )

    async def _csv(self, request: web.Request) -> web.StreamResponse:
        trouble = self.faults.take({})
        if trouble is not None:
            return await _troubled(request, trouble.fault, trouble.retry_after)
        if not self.open_to_all:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        text = io.StringIO()
        csv.writer(text).writerows(next(iter(self.sheet.tabs.values()), []))
        return web.Response(text=text.getvalue(), content_type="text/csv")


async def _troubled(request: web.Request, fault: Fault, retry_after: str | None) -> web.StreamResponse:
    match fault:
        case Fault.RATE_LIMIT:
            refusal = _error(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per "
                "user' of service 'sheets.googleapis.com'",
                "RATE_LIMIT_EXCEEDED",
            )
            if retry_after is not None:
                refusal.headers["Retry-After"] = retry_after
            return refusal
        case Fault.HTML:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        case Fault.EMPTY:
            return web.json_response({"range": "prices!A1:Z1000", "majorDimension": "ROWS"})
        case Fault.SERVER_ERROR:
            return _error(503, "UNAVAILABLE", "The service is currently unavailable.")
        case _:
            body = b'{"range":"prices!A1:Z1000","majorDimension":"ROWS","values":[["destination"],["PAR"]]}'
            return await broken(request, fault, body)


def _error(code: int, status: str, message: str, reason: str | None = None) -> web.Response:
    error: dict[str, object] = {"code": code, "message": message, "status": status}
    if reason is not None:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return web.json_response({"error": error}, status=code)


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _quoted(tab: str) -> str:
    return tab if tab.isalnum() else f"'{tab}'"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
