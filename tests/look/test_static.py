"""Modules under hashed names still find each other; third-party scripts are not changed."""

import re

from exchange.core.storage import HashedStaticStorage


def test_import_names_the_hashed_file(tmp_path):
    files = {
        "js/main.js": 'const later = () => import("./late.js");\n',
        "js/late.js": 'import { once } from "./once.js";\nexport function bind() { once(); }\n',
        "js/once.js": "export const once = () => 1;\n",
        "other/lib.js": '// as in import("./nowhere.js")\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    storage = HashedStaticStorage(location=tmp_path, base_url="/static/")

    failed = [
        result for _, _, result in storage.post_process({name: (storage, name) for name in files}) if isinstance(result, Exception)
    ]

    assert failed == []
    main = (tmp_path / storage.stored_name("js/main.js")).read_text()
    late = re.search(r'import\("\./(late\.[0-9a-f]{12}\.js)"\)', main)[1]
    once = re.search(r'from "\./(once\.[0-9a-f]{12}\.js)"', (tmp_path / "js" / late).read_text())[1]
    assert (tmp_path / "js" / once).exists()
