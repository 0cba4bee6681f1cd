import csv
import json
import shutil

import pytest

from exchange.reference.importing import DATA


class Folder:
    """A copy of the tables that a test may spoil."""

    def __init__(self, path):
        self.path = path

    def edit(self, name, row_id, **cells):
        """Change cells of one row; returns the row's number as a spreadsheet shows it."""
        header, rows = self.read(name)
        number = next(n for n, row in enumerate(rows, start=2) if row[0] == row_id)
        for column, value in cells.items():
            rows[number - 2][header.index(column)] = value
        self.write(name, header, rows)
        return number

    def edit_texts(self, row_id, **keys):
        """Change keys of one line of texts, given as values or as functions of the present value; returns the line's number."""
        lines = [json.loads(line) for line in self.texts.read_text(encoding="utf-8").splitlines()]
        number = next(n for n, line in enumerate(lines, start=1) if line["id"] == row_id)
        for key, value in keys.items():
            lines[number - 1][key] = value(lines[number - 1][key]) if callable(value) else value
        self.texts.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return number

    @property
    def texts(self):
        return self.path / "programs.jsonl"

    def read(self, name):
        with (self.path / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return header, rows

    def write(self, name, header, rows):
        with (self.path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])


@pytest.fixture
def tables(tmp_path):
    for source in (*DATA.glob("*.csv"), *DATA.glob("*.jsonl")):
        shutil.copy(source, tmp_path)
    return Folder(tmp_path)
