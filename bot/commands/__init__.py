"""The slash commands: each parses, calls one action, shows the result."""
