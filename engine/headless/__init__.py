"""The engine without Discord: what a headless run prints and how it runs. Part of the face `cli`."""
