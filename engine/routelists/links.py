"""Links to Google Sheets as people copy them: told apart, and turned into the address of their CSV."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from yarl import URL

GOOGLE_DOCS: Final = "https://docs.google.com"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{10,120}")
_SHEET_PATH: Final = re.compile(r"/spreadsheets/(?:u/\d+/)?d/(?P<published>e/)?(?P<id>[A-Za-z0-9_-]{10,120})")
_GID: Final = re.compile(r"\d{1,12}")
_NO_LINK: Final = (
    "must be a link like https://docs.google.com/spreadsheets/d/... or the id that stands in it after /d/"
)


class SheetLink(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet by its id, or by the id of its published copy; `gid` is the tab where the link names one."""

    id: str
    published: bool = False
    gid: str | None = None

    @property
    def list_name(self) -> str:
        """The name of the list that it holds, however it is read."""
        return f"sheet:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "SheetLink":
        """Read an id, or any link to a sheet as the browser or "Publish to web" shows it.

        Only the ids of a link are kept, so that nothing but Google is ever asked for it.
        Raises ValueError with half a sentence.
        """
        text = text.strip()
        if _ID.fullmatch(text):
            return cls(id=text)
        try:
            parts = urlsplit(text)
            host = parts.hostname
        except ValueError:
            raise ValueError(_NO_LINK) from None
        path = _SHEET_PATH.match(parts.path)
        if parts.scheme != "https" or host != "docs.google.com" or path is None:
            raise ValueError(_NO_LINK)
        named = {**parse_qs(parts.fragment), **parse_qs(parts.query)}.get("gid", [""])[0]
        gid = named if _GID.fullmatch(named) else None
        return cls(id=path["id"], published=path["published"] is not None, gid=gid)

    def csv_address(self, base: str = GOOGLE_DOCS) -> URL:
        """Where its tab (the first, unless the link names one) is had as CSV without a key."""
        tab = {} if self.gid is None else {"gid": self.gid}
        if self.published:
            query = {"output": "csv", "single": "true", **tab} if tab else {"output": "csv"}
            return URL(f"{base}/spreadsheets/d/e/{self.id}/pub").with_query(query)
        return URL(f"{base}/spreadsheets/d/{self.id}/export").with_query({"format": "csv", **tab})
