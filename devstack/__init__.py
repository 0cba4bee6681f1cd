"""The local stack: embedded PostgreSQL and Valkey, optionally Elasticsearch, and the supervisor that starts and restarts them.

`exchange.addresses` has the addresses of the servers, which is all that settings need; `servers` runs the two servers alone (tests,
benchmarks, development); `demo` runs the whole platform. Only the web process and Elasticsearch open TCP ports.
"""
