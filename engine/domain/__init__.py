"""Pure values and decisions: no I/O, no clock of its own, standard library and msgspec only."""
