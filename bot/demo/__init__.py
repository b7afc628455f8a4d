"""The demo: the real bot in a simulated Discord, with simulated fares and a simulated phone."""
