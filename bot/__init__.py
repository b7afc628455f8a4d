"""The Discord face: commands, buttons, messages. Parses, calls one action, presents the result."""
