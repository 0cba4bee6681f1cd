"""Every process with the same data folder finds the same servers, however deep or oddly named the folder is."""

import os
import stat

import dj_database_url
import pytest
import redis

from exchange import addresses


@pytest.fixture(autouse=True)
def no_servers_named(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("name", ["data", "With Space", "Ölziy-мұра", "a%20b", "UPPER"])
def test_urls_lead_back_to_the_sockets(monkeypatch, tmp_path, name):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / name))

    database = dj_database_url.parse(addresses.database_url())
    channel = redis.Redis.from_url(addresses.redis_url()).connection_pool.connection_kwargs

    assert database["HOST"] == str(addresses.postgres_socket_dir())
    assert (database["NAME"], database["USER"]) == ("miras", "miras")
    assert channel["path"] == str(addresses.valkey_socket())


def test_a_deep_folder_gets_short_sockets_that_differ_from_its_neighbours(monkeypatch, tmp_path):
    found = []
    for name in ("one", "two"):
        monkeypatch.setenv("DATA_DIR", str(tmp_path / ("deep" * 20) / name))
        found.append(addresses.socket_dir())

    assert len({*found}) == 2
    for folder in found:
        assert len(os.fsencode(folder / "pg" / addresses.POSTGRES_SOCKET_NAME)) < 100


def test_spellings_of_one_folder_mean_one_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "data")

    found = set()
    for spelling in ("data", "./data", str(tmp_path / "data"), "link", "x/../data"):
        monkeypatch.setenv("DATA_DIR", spelling)
        found.add(addresses.data_dir())

    assert found == {tmp_path / "data"}


def test_a_private_folder_is_closed_to_others(tmp_path):
    (tmp_path / "open").mkdir(mode=0o755)

    folder = addresses.make_private(tmp_path / "open")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_planted_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "planted").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PermissionError):
        addresses.make_private(tmp_path / "planted")


def test_named_servers_are_used_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/miras")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/3")

    assert addresses.database_url() == "postgresql://db.example/miras"
    assert addresses.redis_url() == addresses.celery_broker_url() == "redis://cache.example/3"
    assert not addresses.is_embedded_database()
    assert not addresses.is_embedded_redis()
    assert addresses.missing_servers() == []


def test_servers_that_do_not_run_are_named():
    assert addresses.missing_servers() == ["PostgreSQL", "Valkey"]


def test_the_secret_of_the_data_folder_is_found(monkeypatch, tmp_path):
    assert (addresses.secret_key(), addresses.has_own_data()) == ("", False)

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("from the folder\n")
    assert (addresses.secret_key(), addresses.has_own_data()) == ("from the folder", True)

    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert addresses.secret_key() == "from the environment"
