"""What a member reads after a test text to their own phone: what came of it, and how long it took."""

import discord

from bot.present.embeds import Tone, embed
from bot.present.faults import plain_sentence
from bot.present.reasons import reason
from bot.present.sms import used
from bot.present.when import seconds_
from engine.actions.selftexts import WATCHED_FOR_S, TestCame, TextTest
from engine.actions.sms import PhoneStatus
from engine.tongue import key, say


def tested(test: TextTest, status: PhoneStatus) -> discord.Embed:
    """No more than is known, and what today's texts are at now."""
    title, tone = _TITLES[test.came]
    lines = [_told(test, status.number or ""), "", say("Today: {used}.", used=used(status))]
    return embed(say(title), lines, tone)


_TITLES = {
    TestCame.ARRIVED: (key("Your phone has it"), Tone.GOOD),
    TestCame.ON_ITS_WAY: (key("It is on its way"), Tone.CALM),
    TestCame.LOST: (key("It did not arrive"), Tone.CARE),
    TestCame.REFUSED: (key("It was not sent"), Tone.CARE),
    TestCame.UNREACHABLE: (key("It was not sent"), Tone.CARE),
    TestCame.UNKNOWN: (key("It may come, or not"), Tone.CARE),
}


def _told(test: TextTest, number: str) -> str:
    took, why = seconds_(test.took_s), plain_sentence(reason(test.why or ""))
    match test.came:
        case TestCame.ARRIVED:
            arrived = seconds_(test.arrived_s or test.took_s)
            return say(
                "Twilio took the test after {took}, and **{number}** had it after {arrived}.",
                took=took,
                number=number,
                arrived=arrived,
            )
        case TestCame.ON_ITS_WAY:
            return say(
                "Twilio took the test for **{number}** after {took}. After {watched} it does not say yet "
                "that the phone has it; some carriers never do.",
                number=number,
                took=took,
                watched=seconds_(WATCHED_FOR_S),
            )
        case TestCame.LOST:
            return say(
                "Twilio took the test after {took}, but could not deliver it to **{number}**. {why}.",
                took=took,
                number=number,
                why=why,
            )
        case TestCame.REFUSED:
            return say("It was refused after {took}. {why}. It does not count.", took=took, why=why)
        case TestCame.UNREACHABLE:
            return say(
                "Twilio could not be reached within {took}. It does not count; try again in a minute.",
                took=took,
            )
        case TestCame.UNKNOWN:
            return say(
                "Twilio gave no usable answer within {took}. If the test comes to **{number}**, texts work. "
                "It counts either way.",
                took=took,
                number=number,
            )
