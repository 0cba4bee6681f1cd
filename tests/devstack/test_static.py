"""Static files: what pages ask for is compressed, and only what changed is compressed again."""

from exchange.core.storage import HashedStaticStorage

RULE = "body { color: black; margin: 0 } /* long enough to be worth compressing, and then some */\n"


def collect(folder):
    storage = HashedStaticStorage(location=folder, base_url="/static/")
    paths = {
        path.relative_to(folder).as_posix(): (storage, path.relative_to(folder).as_posix()) for path in [folder / "css" / "a.css"]
    }
    list(storage.post_process(paths))
    return {path.name: path.stat().st_mtime_ns for path in (folder / "css").iterdir()}


def test_hashed_files_are_compressed_once_and_plain_ones_are_not(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text(RULE * 20)

    first = collect(tmp_path)
    second = collect(tmp_path)

    compressed = {name for name in first if name.endswith((".br", ".gz"))}
    assert len(compressed) == 2
    assert "a.css.br" not in compressed
    assert {name: first[name] for name in compressed} == {name: second[name] for name in compressed}


def test_a_changed_file_is_compressed_under_its_new_name(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text(RULE * 20)
    before = set(collect(tmp_path))

    (tmp_path / "css" / "a.css").write_text(RULE * 21)
    new = set(collect(tmp_path)) - before

    assert sorted(name.rsplit(".", 1)[1] for name in new) == ["br", "css", "gz"]
