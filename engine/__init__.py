"""The fare engine: looks at routes, judges fares, tells once. Knows nothing of Discord."""
