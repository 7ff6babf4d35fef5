"""The processes that are measured. Each is started by its name and reads what it needs from BENCH_*."""
