from io import StringIO

from dotenv import dotenv_values

from engine.settings import Settings
from sandbox.__main__ import settings_for
from sandbox.world import World


async def test_each_service_listens_on_loopback_at_a_port_of_its_own(world: World) -> None:
    addresses = {
        world.amadeus.base_url,
        world.twilio.base_url,
        world.travelpayouts.base_url,
        world.kiwi.base_url,
    }

    assert len(addresses) == 4
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)


async def test_what_goes_into_the_env_file_points_at_this_world(world: World) -> None:
    settings = dotenv_values(stream=StringIO(settings_for(world)))

    assert settings["AMADEUS_BASE_URL"] == world.amadeus.base_url
    assert settings["TWILIO_BASE_URL"] == world.twilio.base_url
    assert settings["TRAVELPAYOUTS_BASE_URL"] == world.travelpayouts.base_url
    assert settings["KIWI_BASE_URL"] == world.kiwi.base_url
    assert all(settings.values())
    assert set(settings) <= set(Settings.names())
