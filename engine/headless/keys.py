"""`fare-engine keys`: fresh keys as lines for `.env`; nothing is read and nothing is kept."""

from engine.alerts.phones import new_key


def key_lines() -> str:
    """Both keys, with what to know about them; fit to be appended to `.env` as it is."""
    return "\n".join(
        (
            "# Keys to members' phone numbers. Keep a copy away from the database: without them no stored",
            "# number can be read. A new PHONE_KEYS goes in front of the old one, with a comma between;",
            "# `fare-engine rotate-keys` then makes the old one superfluous.",
            f"PHONE_KEYS={new_key()}",
            f"PHONE_HASH_KEY={new_key()}",
        )
    )
