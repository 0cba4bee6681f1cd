"""The check of words finds whole words, also inside names, with the right word in the message."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def check(path):
    done = subprocess.run([sys.executable, str(ROOT / ".ci" / "words"), str(path)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_words_are_found_with_what_to_write_instead(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("An app of its own.\nRoom_count, the " + "Hat of a user.\n")

    code, lines = check(page)

    assert code == 1
    assert lines == [f"{page}:2: “hat”: write role, ActiveRole", f"{page}:2: “room”: write app", "2 words of .ci/words.txt"]


def test_parts_of_other_words_are_not_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("A classroom, what is outstanding, chats, an exhibition room, extend_offer.\n")

    assert check(page) == (0, [])
