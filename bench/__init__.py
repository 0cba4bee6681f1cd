"""Benchmarks: each measure is compared with a minimal baseline in the same run, because absolute times depend on the machine."""
