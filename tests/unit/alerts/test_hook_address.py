"""Which addresses of webhooks are taken, and in which form they are kept."""

import pytest

from engine.alerts.hooks.address import LONGEST_URL, read_address, read_secret
from engine.domain.webhook import WebhookKind
from engine.errors import InvalidInput

DISCORD, SLACK, NTFY, JSON = WebhookKind.DISCORD, WebhookKind.SLACK, WebhookKind.NTFY, WebhookKind.JSON
TOKEN = "canary-token-of-a-webhook-0123456789"
HOOK = f"https://discord.com/api/v10/webhooks/123456789012345678/{TOKEN}"


def refusal(kind: WebhookKind, typed: str, *own: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_address(kind, typed, own)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (DISCORD, f"https://discord.com/api/webhooks/123456789012345678/{TOKEN}", HOOK),
        (DISCORD, f" <https://canary.discord.com/api/v9/webhooks/123456789012345678/{TOKEN}/> ", HOOK),
        (DISCORD, f"https://discordapp.com/api/webhooks/123456789012345678/{TOKEN}?wait=true", HOOK),
        (
            DISCORD,
            f"{HOOK}?thread_id=223456789012345678",
            f"{HOOK}?thread_id=223456789012345678",
        ),
        (SLACK, "https://hooks.slack.com/services/T0/B0/Xy1", "https://hooks.slack.com/services/T0/B0/Xy1"),
        (
            SLACK,
            "https://hooks.slack-gov.com/services/T0/B0/Xy1",
            "https://hooks.slack-gov.com/services/T0/B0/Xy1",
        ),
        (NTFY, "https://ntfy.sh/my-topic", "https://ntfy.sh/my-topic"),
        (NTFY, "https://ntfy.example.com:8443/my_topic/?x=1#y", "https://ntfy.example.com:8443/my_topic"),
        (JSON, "https://example.com", "https://example.com"),
        (JSON, "HTTPS://Example.com:443/a?b=c#d", "https://example.com/a?b=c"),
        (JSON, "https://1.1.1.1/hook", "https://1.1.1.1/hook"),
        (JSON, "https://[2606:4700::1111]/hook", "https://[2606:4700::1111]/hook"),
        (JSON, "https://bücher.example.com/", "https://xn--bcher-kva.example.com/"),
    ],
)
def test_an_address_is_kept_in_one_form(kind: WebhookKind, typed: str, kept: str) -> None:
    assert str(read_address(kind, typed)).rstrip("/") == kept.rstrip("/")


@pytest.mark.parametrize(
    "typed",
    [
        "https://localhost/x",
        "https://printer/x",
        "https://nas.local/x",
        "https://metadata.google.internal/x",
        "https://127.0.0.1/x",
        "https://127.0.0.1./x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://[::ffff:169.254.169.254]/x",
        "https://[64:ff9b::a9fe:a9fe]/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0x7f.0.0.1/x",
        "https://0177.0.0.1/x",
        "https://127.1/x",
        "https://example.127/x",
        "https://①②⑦.0.0.1/x",
    ],
)
def test_what_lies_inside_is_refused_however_it_is_written(typed: str) -> None:
    assert "public internet" in refusal(JSON, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "http://example.com/x",
        "ftp://example.com/x",
        "example.com/x",
        "javascript:x",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_https_is_taken(typed: str) -> None:
    assert "https://" in refusal(JSON, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "https://",
        "https:///x",
        "https://exa mple.com/x",
        "https://example.com\\@127.0.0.1/x",
        "https://example.com:99999/x",
        "https://example.com\n.evil.com/x",
        "https://[::1/x",
    ],
)
def test_what_two_readers_could_read_differently_is_refused(typed: str) -> None:
    assert "cannot read" in refusal(JSON, typed)


@pytest.mark.parametrize(
    "typed", ["https://a:b@example.com/x", "https://a@example.com/x", "https://example.com@127.0.0.1/"]
)
def test_names_and_passwords_stay_out_of_the_address(typed: str) -> None:
    assert "name and password" in refusal(JSON, typed)


@pytest.mark.parametrize("port", [1, 22, 25, 80, 1023])
def test_a_port_is_443_or_a_free_one(port: int) -> None:
    assert "port" in refusal(JSON, f"https://example.com:{port}/x")


def test_an_address_that_is_too_long_is_refused() -> None:
    assert f"{LONGEST_URL:,}" in refusal(JSON, f"https://example.com/{'a' * LONGEST_URL}")


def test_the_bot_does_not_call_itself() -> None:
    assert "own address" in refusal(JSON, "https://Fares.example.com./x", "fares.example.com")


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (DISCORD, f"https://discord.example.com/api/webhooks/123456789012345678/{TOKEN}", "Discord"),
        (DISCORD, "https://discord.com/api/webhooks/123456789012345678", "Discord"),
        (DISCORD, f"https://discord.com:8443/api/webhooks/123456789012345678/{TOKEN}", "Discord"),
        (
            DISCORD,
            f"https://discord.com/api/webhooks/123456789012345678/{TOKEN}/../../../channels",
            "Discord",
        ),
        (SLACK, "https://slack.com/services/T0/B0/X", "Slack"),
        (SLACK, "https://hooks.slack.com/workflows/T0/B0/X", "Slack"),
        (NTFY, "https://ntfy.sh/", "topic"),
        (NTFY, "https://ntfy.sh/a/b", "topic"),
        (NTFY, "https://ntfy.sh/t%20t", "topic"),
    ],
)
def test_each_kind_knows_its_own_addresses(kind: WebhookKind, typed: str, says: str) -> None:
    assert says in refusal(kind, typed)


@pytest.mark.parametrize("kind", WebhookKind)
def test_no_refusal_repeats_the_address(kind: WebhookKind) -> None:
    typed = [
        "http://h.example.com/canary",
        "https://u:canary@h.example.com/",
        "https://h.example.com/canary/x\\",
        "https://canary",
    ]
    for one in [*typed, f"https://10.0.0.1/{TOKEN}", "https://h.example.com:5/canary"]:
        assert "canary" not in refusal(kind, one)


def test_a_secret_is_one_line_of_plain_signs_or_nothing() -> None:
    assert read_secret(NTFY, " tk_abc ") == "tk_abc"
    assert read_secret(JSON, "  ") is None
    for typed in ("a\nX-Evil: 1", "ü", "a" * 201):
        with pytest.raises(InvalidInput):
            read_secret(JSON, typed)


@pytest.mark.parametrize("kind", [DISCORD, SLACK])
def test_discord_and_slack_have_no_secret_besides(kind: WebhookKind) -> None:
    assert read_secret(kind, "") is None
    with pytest.raises(InvalidInput, match="no secret"):
        read_secret(kind, "x")
