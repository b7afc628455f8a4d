"""What the doctor says of Twilio."""

import pytest
from pydantic import SecretStr

from engine.doctor.findings import Area, State
from engine.web.listening import Bind
from sandbox.twilio_account import MESSAGING_SERVICE_SID
from sandbox.twilio_faults import Reply, Trouble, refused
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from tests.integration.doctor.clinic import Clinic


async def said(clinic: Clinic, **changes: object) -> list[tuple[State, str]]:
    return [(found.state, found.says) for found in await clinic.about(Area.TWILIO, **changes)]


async def test_an_active_account_with_its_own_number_is_fine(clinic: Clinic) -> None:
    first, *_ = await said(clinic)
    assert first == (State.OK, "Twilio takes the token; the account is active.")
    assert clinic.world.twilio.messages == []


async def test_without_an_account_there_is_no_sms_and_that_may_be_meant(clinic: Clinic) -> None:
    assert await said(clinic, twilio_sid=None) == [
        (State.UNSET, "No SMS: TWILIO_SID is not set. Alerts in Discord need none.")
    ]


async def test_a_door_without_an_account_is_said_to_hear_nothing(clinic: Clinic) -> None:
    texts = await said(clinic, twilio_sid=None, webhook_bind=Bind("127.0.0.1", 8081))
    assert texts[1:] == [
        (State.CAREFUL, "WEBHOOK_BIND is set, and nothing listens there without TWILIO_SID.")
    ]


async def test_a_wrong_token_blocks(clinic: Clinic) -> None:
    (found,) = await clinic.about(Area.TWILIO, twilio_auth_token=SecretStr("canary"))
    assert found.says == "Twilio does not take TWILIO_SID with TWILIO_AUTH_TOKEN (Twilio 20003)."
    assert found.blocks


@pytest.mark.parametrize("status", ["suspended", "closed"])
async def test_an_account_that_sends_nothing_blocks(clinic: Clinic, status: str) -> None:
    clinic.world.twilio.account.status = status
    found, *_ = await clinic.about(Area.TWILIO)
    assert found.says == f"Twilio takes the token, but the account is {status}: nothing is sent."
    assert found.blocks


async def test_a_trial_account_is_told_whom_it_may_text(clinic: Clinic) -> None:
    clinic.world.twilio.account.type = "Trial"
    found, *_ = await clinic.about(Area.TWILIO)
    assert (found.state, found.blocks) == (State.CAREFUL, False)
    assert "only numbers that are verified" in found.says


async def test_test_credentials_send_nothing(clinic: Clinic) -> None:
    clinic.world.twilio.account.faults.plan(refused(20008, status=403))
    assert await said(clinic) == [
        (State.CAREFUL, "These are test credentials: texts are accepted and never sent.")
    ]


async def test_a_sender_that_is_not_the_accounts_own_blocks(clinic: Clinic) -> None:
    clinic.world.twilio.account.numbers = ["+15005550009"]
    assert (State.WRONG, "FROM_NUMBER is no number of this account.") in await said(clinic)


async def test_a_messaging_service_needs_no_number_of_its_own(clinic: Clinic) -> None:
    clinic.world.twilio.account.numbers = []
    changes = {"from_number": None, "twilio_messaging_service_sid": MESSAGING_SERVICE_SID}
    assert State.WRONG not in [state for state, _ in await said(clinic, **changes)]


async def test_without_to_number_headless_runs_text_nobody(clinic: Clinic) -> None:
    assert (State.UNSET, "TO_NUMBER is not set: `fare-engine run` texts nobody.") in await said(
        clinic, to_number=None
    )


@pytest.mark.parametrize("name", ["twilio_messaging_service_sid", "twilio_verify_service_sid"])
async def test_a_service_of_another_account_blocks(clinic: Clinic, name: str) -> None:
    expected = (State.WRONG, f"{name.upper()} names no service of this account.")
    assert expected in await said(clinic, **{name: "XX" + "0" * 32})


async def test_what_members_texts_lack_is_named(clinic: Clinic) -> None:
    lacking = "PHONE_KEYS, PHONE_HASH_KEY, SMS_COUNTRIES"
    assert (State.UNSET, f"Members are not texted: without {lacking}.") in await said(clinic)


async def test_with_everything_set_members_may_link_phones(clinic: Clinic) -> None:
    everything = {
        "twilio_verify_service_sid": VERIFY_SERVICE_SID,
        "phone_keys": SecretStr("canary"),
        "phone_hash_key": SecretStr("canary"),
        "sms_countries": ("DE", "AT"),
    }
    texts = await said(clinic, **everything)
    by_verify = "Members may link phones of DE, AT by /sms link; codes go out by Twilio Verify."
    assert (State.OK, by_verify) in texts
    texts = await said(clinic, **everything | {"twilio_verify_service_sid": None})
    assert (State.OK, by_verify.replace("by Twilio Verify", "as texts of your own sender")) in texts


async def month(clinic: Clinic, **changes: object) -> str:
    (found,) = [says for _, says in await said(clinic, **changes) if says.startswith("A month")]
    return found


async def test_a_month_costs_no_more_than_the_cap_at_the_dearest_price(clinic: Clinic) -> None:
    assert await month(clinic, sms_monthly_cap=1_500, sms_daily_cap=50) == (
        "A month is at worst 1,500 SMS segments, a day 50, codes included: 168.00 USD at 0.112 USD a "
        "segment, Twilio's dearest for DE. Carriers' and Verify's fees come on top."
    )


async def test_the_dearest_of_all_countries_counts(clinic: Clinic) -> None:
    clinic.world.twilio.account.prices["AT"] = ("0.2000", "0.0100")
    assert "at 0.2 USD a segment, Twilio's dearest for AT" in await month(clinic, sms_countries=("AT", "US"))


@pytest.mark.parametrize(
    "changes",
    [
        {"sms_countries": ("AT",)},  # Twilio has no price for it
        {"sms_countries": ("US", *(f"A{letter}" for letter in "ABCDEFGHIJ"))},  # too many to ask for
        {"to_number": None},  # nobody is texted
    ],
)
async def test_a_price_that_is_not_known_is_said_not_to_be(
    clinic: Clinic, changes: dict[str, object]
) -> None:
    assert await month(clinic, **changes) == (
        "A month is at worst 200 SMS segments, a day 20, codes included; what one costs is not known here, "
        "Twilio's price list says it."
    )


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(reply=Reply.RESET),
        Trouble(reply=Reply.CUT_JSON),
        Trouble(reply=Reply.HTML),
        Trouble(reply=Reply.SERVER_ERROR),
        refused(20003, status=401),
    ],
)
async def test_prices_that_cannot_be_had_are_no_fault(clinic: Clinic, trouble: Trouble) -> None:
    clinic.world.twilio.account.price_faults.plan(trouble, times=None)
    assert "is not known here" in await month(clinic)
    assert not [found for found in await clinic.about(Area.TWILIO) if found.blocks]


async def test_where_twilio_is_not_heard_this_is_said(clinic: Clinic) -> None:
    (found,) = [each for each in await clinic.about(Area.TWILIO) if "not heard" in each.says]
    assert (found.state, found.blocks) == (State.UNSET, False)


async def test_where_it_is_heard_the_address_for_the_console_is_said(clinic: Clinic) -> None:
    changes = {"webhook_bind": Bind("127.0.0.1", 8081), "public_base_url": "https://fares.example.org"}
    (found,) = [each for each in await clinic.about(Area.TWILIO, **changes) if "is heard at" in each.says]
    assert found.says == "Twilio is heard at https://fares.example.org/twilio/, passed on to 127.0.0.1:8081."
    assert "https://fares.example.org/twilio/inbound" in (found.advice or "")


async def test_an_american_number_is_told_of_registration(clinic: Clinic) -> None:
    texts = [says for _, says in await said(clinic)]
    assert any("carriers there block senders that are not registered" in text for text in texts)


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (Trouble(reply=Reply.RESET), "Twilio cannot be reached."),
        (Trouble(reply=Reply.CUT_JSON), "Twilio's answer cannot be read."),
        (Trouble(reply=Reply.HTML), "Twilio's answer cannot be read."),
        (Trouble(reply=Reply.SERVER_ERROR), "Twilio refuses (Twilio 500)."),
    ],
)
async def test_an_unwell_twilio_is_no_wrong_token(clinic: Clinic, trouble: Trouble, says: str) -> None:
    clinic.world.twilio.account.faults.plan(trouble, times=None)
    assert await said(clinic) == [(State.WRONG, says)]
