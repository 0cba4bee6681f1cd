"""Checks of the servers that the site needs; each ends within about two seconds, whatever the failure."""

from functools import cache

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from exchange.health.heartbeat import PATIENCE_SECONDS, worker_is_alive

Parts = dict[str, bool]


def check_parts() -> Parts:
    """True or false for the database, its migrations, Redis and the worker."""
    return {**_database(), **_redis()}


def _database() -> Parts:
    """Uses a new connection: a persistent one could hang for too long."""
    parameters = connections[DEFAULT_DB_ALIAS].get_connection_params() | {
        "connect_timeout": PATIENCE_SECONDS,
        "options": f"-c statement_timeout={PATIENCE_SECONDS * 1000}",
    }
    try:
        with psycopg.connect(**parameters) as connection:
            connection.execute("SELECT 1")
            return {"database": True, "migrations": _migrated(connection)}
    except psycopg.Error:
        return {"database": False, "migrations": False}


def _migrated(connection: psycopg.Connection) -> bool:
    try:
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.errors.UndefinedTable:
        return False
    return newest_migrations() <= applied


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app in this process's code."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _redis() -> Parts:
    try:
        return {"redis": True, "worker": worker_is_alive()}
    except RedisError:
        return {"redis": False, "worker": False}
