"""What the doctor says of the operator's own targets."""

from pydantic import SecretStr

from engine.doctor.findings import Area, Report, State
from tests.integration.doctor.clinic import Clinic


async def test_without_targets_nothing_is_wrong(clinic: Clinic) -> None:
    (finding,) = await clinic.about(Area.APPRISE)
    assert (finding.state, finding.blocks) == (State.UNSET, False)


async def test_services_are_named_and_addresses_are_not(clinic: Clinic) -> None:
    urls = (SecretStr("ntfy://canary-topic"), SecretStr("json://u:canary@localhost/x"))
    (finding,) = await clinic.about(Area.APPRISE, apprise_urls=urls)
    assert (finding.state, finding.says) == (
        State.OK,
        "Public alerts are copied to: ntfy, JSON. Nothing was sent there now.",
    )


async def test_an_address_that_apprise_cannot_read_stops_a_start_and_is_said_so(clinic: Clinic) -> None:
    found = await clinic.examine(apprise_urls=(SecretStr("bogus://canary"),))
    (finding,) = [one for one in found if one.area is Area.APPRISE]
    assert (finding.state, finding.blocks) == (State.WRONG, True)
    assert "address 1" in finding.says
    assert "canary" not in finding.says
    assert Report.of(found).exit_code == 2
