"""Messages: pure functions from what the engine knows to what a member reads. No I/O, no decision."""
