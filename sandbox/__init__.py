"""A pretend outside world on loopback for the demo, the tests and the benchmarks. Never in production."""
