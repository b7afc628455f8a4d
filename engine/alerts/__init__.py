"""Getting alerts out: the relay, its lanes and channels. Imports neither fares nor store."""
