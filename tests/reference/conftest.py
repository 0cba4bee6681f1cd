import csv
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

    def read(self, name):
        with (self.path / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return header, rows

    def write(self, name, header, rows):
        with (self.path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])


@pytest.fixture
def tables(tmp_path):
    for source in DATA.glob("*.csv"):
        shutil.copy(source, tmp_path)
    return Folder(tmp_path)
