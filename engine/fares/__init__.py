"""Getting quotes: sources, pacing, fan-out. Imports neither alerts nor store."""
