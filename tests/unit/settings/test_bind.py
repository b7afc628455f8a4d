"""HTTP_BIND: an address and a port."""

import pytest

from engine.settings import values
from engine.web.health import Bind


@pytest.mark.parametrize(
    ("text", "bind"),
    [
        ("127.0.0.1:8080", Bind("127.0.0.1", 8080)),
        ("0.0.0.0:80", Bind("0.0.0.0", 80)),  # noqa: S104  read, not listened on
        ("[::1]:9000", Bind("::1", 9000)),
    ],
)
def test_an_address_and_a_port_are_read(text: str, bind: Bind) -> None:
    assert values.bind(text) == bind


@pytest.mark.parametrize(
    "text", ["8080", "localhost", ":8080", "localhost:", "localhost:99999", "localhost:eighty"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an address and a port"):
        values.bind(text)
