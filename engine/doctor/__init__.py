"""`fare-engine doctor`: asks everything the engine depends on whether it is there, and says what to do.

It changes nothing, sends nothing, spends one cheap request per service, and never shows a secret.
"""
