"""What `make bench` runs; every figure is printed, none is asserted as an absolute time."""
