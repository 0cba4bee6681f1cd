"""The embedded stack: a real PostgreSQL and a real Valkey beside the platform, and what starts and watches them.

`addresses` says where the servers are and is all that settings need; `servers` runs the two servers alone (tests, benches,
developers); `demo` runs the whole platform. Nothing here opens a TCP port but the web address.
"""
