"""`python -m matching rank`: files in, files out, clear messages for what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matching.__main__ import main

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "bench" / "data"
EXPERT = {
    "id": "e1", "country": "UZ", "institution": None, "fields": {"primary": ["ganch-restoration"], "secondary": []},
    "competences": [{"material": "ganch", "object_type": None, "technique": "ganch-carving", "level": "leads", "year_last": 2026}],
    "languages": [{"lang": "en", "cefr": "B2"}], "availability": [{"from": "2027-01-01", "to": "2027-12-31"}], "lead_days": 30,
    "longest_stay_days": 90, "years_experience": 12, "bio_lang": "ru", "biography": "", "unknown": {"key": [1]},
}  # fmt: skip
PROGRAM = {
    "id": "p1", "kind": "masterclass", "title": "Carved ganch", "host_institution": "uz-x", "host_country": "UZ", "eligible_countries": ["UZ"],
    "concepts": ["ganch"], "required_languages": [{"lang": "en", "cefr": "B1"}], "dates": {"deadline": "2027-01-15", "starts": "2027-03-01", "ends": "2027-03-10"},
    "min_years": 3, "seats": 5, "modality": "onsite", "text_lang": "en", "text": "Ganch carving.",
}  # fmt: skip


def write(path, *rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def rank(tmp_path, capsys):
    def run(experts, programs, *more, today="2026-11-30"):
        files = write(tmp_path / "experts.jsonl", *experts), write(tmp_path / "programs.jsonl", *programs)
        out, explained = tmp_path / "run.tsv", tmp_path / "explained.jsonl"
        code = main(
            [
                "rank",
                "--experts",
                str(files[0]),
                "--programs",
                str(files[1]),
                "--out",
                str(out),
                "--explain",
                str(explained),
                "--today",
                today,
                *more,
            ]
        )
        lines = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()] if out.exists() else None
        parts = [json.loads(line) for line in explained.read_text(encoding="utf-8").splitlines()] if explained.exists() else None
        return code, lines, parts, capsys.readouterr().err

    return run


def test_a_pair_is_ranked_and_explained(rank):
    code, lines, parts, errors = rank([EXPERT], [PROGRAM])

    assert (code, errors) == (0, "")
    ((program, expert, score, unmet),) = lines
    assert (program, expert, unmet) == ("p1", "e1", "")
    assert int(score) > 800
    assert sum(part["points"] for part in parts[0]["parts"]) == int(score) == parts[0]["score"]


@pytest.mark.parametrize(
    ("change", "unmet"),
    [
        ({"institution": "uz-x"}, "institution"),
        ({"country": "KZ"}, "country"),
        ({"languages": []}, "language"),
        ({"languages": [{"lang": "en", "cefr": "A2"}]}, "level"),
        ({"years_experience": None}, "experience_unknown"),
        ({"years_experience": 2}, "experience"),
        ({"availability": [{"from": "2027-03-02", "to": "2027-12-31"}]}, "dates"),
        ({"longest_stay_days": 9}, "stay"),
        ({"lead_days": 92}, "notice"),
        ({"languages": None, "country": None}, "country,language"),
    ],
)
def test_unmet_requirements_are_named_by_code(rank, change, unmet):
    _code, lines, _parts, _errors = rank([EXPERT | change], [PROGRAM])

    assert lines[0][3] == unmet


@pytest.mark.parametrize(
    ("change", "unmet"), [({"seats": 0}, "places"), ({"dates": PROGRAM["dates"] | {"deadline": "2026-11-29"}}, "closed")]
)
def test_programmes_without_places_or_over_the_deadline_are_named(rank, change, unmet):
    assert rank([EXPERT], [PROGRAM | change])[1][0][3] == unmet


def test_stays_at_home_ask_for_no_notice(rank):
    assert rank([EXPERT | {"lead_days": 500, "longest_stay_days": 1}], [PROGRAM | {"modality": "online"}])[1][0][3] == ""


def test_nulls_and_missing_keys_are_empty(rank):
    bare = {"id": "bare", "competences": None, "fields": None, "languages": None, "availability": None, "biography": None}
    code, lines, _parts, errors = rank(
        [bare, EXPERT], [{"id": "p", "concepts": ["ganch"], "dates": {"starts": "2027-03-01", "ends": "2027-03-01"}}]
    )

    assert (code, errors) == (0, "")
    assert [line[1] for line in lines] == ["e1"]


def test_a_programme_without_concepts_is_told_and_has_no_lines(rank):
    empty = PROGRAM | {"id": "empty", "concepts": [], "title": "", "text": "Welcome."}
    code, lines, _parts, errors = rank([EXPERT], [empty, PROGRAM])

    assert code == 0
    assert "empty names no concept" in errors
    assert [line[0] for line in lines] == ["p1"]


WRONG = [
    ({"years_experience": float("nan")}, "years_experience"),
    ({"years_experience": -1}, "years_experience"),
    ({"years_experience": 2.5}, "years_experience"),
    ({"years_experience": True}, "years_experience"),
    ({"lead_days": "soon"}, "lead_days"),
    ({"languages": [{"lang": "en", "cefr": "B3"}]}, "languages[0].cefr"),
    ({"languages": [{"cefr": "B2"}]}, "languages[0].lang"),
    ({"competences": [{"material": "ganch", "level": "master"}]}, "competences[0].level"),
    ({"competences": ["ganch"]}, "competences[0]"),
    ({"competences": {"material": "ganch"}}, "competences"),
    ({"availability": [{"from": "2027-05-01", "to": "2027-04-01"}]}, "availability[0].to"),
    ({"availability": [{"from": "tomorrow", "to": "2027-04-01"}]}, "availability[0].from"),
    ({"fields": {"primary": "ganch"}}, "fields.primary"),
    ({"fields": {"primary": [3]}}, "fields.primary[0]"),
    ({"id": ""}, "id"),
    ({"id": None}, "id"),
    ({"id": "a\tb"}, "id"),
]


@pytest.mark.parametrize(("change", "key"), WRONG)
def test_a_wrong_value_names_file_line_and_key(rank, change, key):
    code, lines, _parts, errors = rank([EXPERT, EXPERT | {"id": "e2"} | change], [PROGRAM])

    assert code == 2
    assert lines is None
    assert f"experts.jsonl, line 2, {key}:" in errors


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"seats": -1}, "seats"),
        ({"min_years": float("inf")}, "min_years"),
        ({"dates": {"starts": "2027-03-02", "ends": "2027-03-01"}}, "dates.ends"),
        ({"dates": None}, "dates.starts"),
        ({"modality": "by post"}, "modality"),
        ({"eligible_countries": "UZ"}, "eligible_countries"),
        ({"concepts": [None]}, "concepts[0]"),
    ],
)
def test_wrong_values_of_programmes_too(rank, change, key):
    code, _lines, _parts, errors = rank([EXPERT], [PROGRAM | change])

    assert code == 2
    assert f"programs.jsonl, line 1, {key}:" in errors


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": "a", "x": ' + "[" * 200_000, '"text"'])
def test_what_is_no_object_is_refused(rank, line):
    code, _lines, _parts, errors = rank([EXPERT, line], [PROGRAM])

    assert code == 2
    assert "line 2, JSON" in errors


def test_an_id_twice_is_refused(rank):
    assert "line 2, id: e1 stands in an earlier line" in rank([EXPERT, EXPERT], [PROGRAM])[3]


def test_a_missing_file_and_a_bad_day_are_told(tmp_path, capsys):
    assert main(["rank", "--experts", str(tmp_path / "none"), "--programs", "x", "--out", str(tmp_path / "o")]) == 2
    assert "none: No such file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as refused:
        main(["rank", "--experts", "a", "--programs", "b", "--out", "c", "--today", "soon"])
    assert refused.value.code == 2


@pytest.mark.slow
def test_without_settings_and_twice_the_same_bytes(tmp_path):
    """No Django settings, no database, another hash seed: the same files."""
    results = []
    for seed in ("1", "2"):
        out, explained = tmp_path / f"run{seed}.tsv", tmp_path / f"explained{seed}.jsonl"
        command = [
            sys.executable,
            "-m",
            "matching",
            "rank",
            "--experts",
            DATA / "match_experts.jsonl",
            "--programs",
            DATA / "match_programs.jsonl",
        ]
        command += ["--out", out, "--explain", explained, "--today", "2026-11-30"]
        done = subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        results.append((out.read_bytes(), explained.read_bytes()))

    assert results[0] == results[1]
    assert results[0][0].count(b"\n") > 1000


def test_files_without_lines_give_an_empty_run(rank):
    for experts, programs in (([], [PROGRAM]), ([EXPERT], []), ([], [])):
        code, lines, _parts, _errors = rank(experts, programs)
        assert (code, lines) == (0, [])
