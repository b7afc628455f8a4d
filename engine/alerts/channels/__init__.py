"""The ways out that need no Discord: SMS and the console."""
