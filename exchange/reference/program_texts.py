"""The texts file of the demonstration programmes: one JSON object a line with texts by language, concepts, sessions, questions and rubric.

Facts (host, dates, places) are in the CSV file; a line belongs to the row with the same id. Sessions and `participants` are checked
but not stored: no model has a place for them yet.
"""

import codecs
import datetime
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from exchange.core.interface_languages import BY_CODE
from exchange.reference.tables import Problem
from programs.domain.editing import MAX_TOPICS
from programs.domain.items import CHOOSING, MAX_CHOICES, MAX_CRITERIA, MAX_QUESTIONS
from programs.states import QuestionKind

FILE = "programs.jsonl"
MARKERS = {
    "en": "Demonstration record, not an actual call.",
    "ru": "Демонстрационная запись, не является реальным конкурсом.",
    "kk": "Демонстрациялық жазба, нақты конкурс емес.",
    "ky": "Демонстрациялык жазуу, чыныгы конкурс эмес.",
    "uz": "Namoyish uchun tuzilgan yozuv, haqiqiy tanlov emas.",
    "tg": "Сабти намоишӣ, озмуни воқеӣ нест.",
    "tk": "Görkezmek üçin düzülen ýazgy, hakyky bäsleşik däl.",
}
"""What a summary says in each of its languages."""
NEEDED = ("en", "ru")
ALL_WEIGHTS = 100


def _tidy(texts: dict[str, str]) -> dict[str, str]:
    """Texts without surrounding blanks, in Unicode's composed form. English and Russian are required."""
    found = {code: unicodedata.normalize("NFC", text).strip() for code, text in texts.items()}
    for code in NEEDED:
        if code not in found:
            raise ValueError(f"has no text in {code!r}")
    for code, text in found.items():
        if code not in BY_CODE:
            raise ValueError(f"{code!r} is no language of the interface: {', '.join(BY_CODE)}")
        if not text:
            raise ValueError(f"{code!r} is empty")
    return found


@dataclass(frozen=True)
class AtMost:
    """Every text of a translated value has at most so many characters, as its model field demands."""

    limit: int

    def __call__(self, texts: dict[str, str]) -> dict[str, str]:
        for code, text in texts.items():
            if len(text) > self.limit:
                raise ValueError(f"{code!r} has {len(text)} characters, at most {self.limit} fit")
        return texts


Texts = Annotated[dict[str, str], AfterValidator(_tidy)]
Label = Annotated[Texts, AfterValidator(AtMost(200))]


def _is_known(slug: str, info: ValidationInfo) -> str:
    if slug not in (info.context or {})["concepts"]:
        raise ValueError(f"{slug!r} is not known")
    return slug


Slug = Annotated[str, AfterValidator(_is_known)]


class Part(BaseModel):
    """Unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Session(Part):
    """A meeting on one day of the programme, counted from 1, in the host's local time."""

    day: int = Field(ge=1)
    starts: datetime.time
    ends: datetime.time
    title: Label

    @field_validator("ends")
    @classmethod
    def _after_start(cls, ends: datetime.time, info: ValidationInfo) -> datetime.time:
        if "starts" in info.data and ends <= info.data["starts"]:
            raise ValueError(f"{ends:%H:%M} is not after the start, {info.data['starts']:%H:%M}")
        return ends


class AskedQuestion(Part):
    """A question of the application form."""

    kind: QuestionKind
    text: Annotated[Texts, AfterValidator(AtMost(300))]
    required: bool
    options: list[Label] = Field(default=[], validate_default=True, max_length=MAX_CHOICES)

    @field_validator("options")
    @classmethod
    def _fit_kind(cls, options: list[dict[str, str]], info: ValidationInfo) -> list[dict[str, str]]:
        kind = info.data.get("kind")
        if kind in CHOOSING and len(options) < 2:
            raise ValueError(f"a question of the kind {str(kind)!r} needs at least two")
        if kind is not None and kind not in CHOOSING and options:
            raise ValueError(f"a question of the kind {str(kind)!r} has none")
        return options


class ScoredCriterion(Part):
    """A line of the rubric."""

    title: Label
    weight: int = Field(ge=1, le=ALL_WEIGHTS)


class ProgramTexts(Part):
    """A line of the file."""

    id: str
    title: Label
    summary: Annotated[Texts, AfterValidator(AtMost(1500))]
    description: Annotated[Texts, AfterValidator(AtMost(10000))]
    funding: Annotated[Texts, AfterValidator(AtMost(500))]
    participants: Annotated[Texts, AfterValidator(AtMost(1500))]
    fields: list[Slug] = Field(min_length=1)
    concepts: list[Slug]
    sessions: list[Session] = []
    questions: list[AskedQuestion] = Field(min_length=1, max_length=MAX_QUESTIONS)
    rubric: list[ScoredCriterion] = Field(min_length=1, max_length=MAX_CRITERIA)

    @field_validator("summary")
    @classmethod
    def _is_marked(cls, summary: dict[str, str]) -> dict[str, str]:
        for code, text in summary.items():
            if MARKERS[code] not in text:
                raise ValueError(f"{code!r} does not say {MARKERS[code]!r}")
        return summary

    @field_validator("concepts")
    @classmethod
    def _once(cls, concepts: list[str], info: ValidationInfo) -> list[str]:
        topics = [*info.data.get("fields", ()), *concepts]
        for slug in topics:
            if topics.count(slug) > 1:
                raise ValueError(f"{slug!r} appears twice")
        if len(topics) > MAX_TOPICS:
            raise ValueError(f"{len(topics)} with the fields, at most {MAX_TOPICS} fit")
        return concepts

    @field_validator("rubric")
    @classmethod
    def _weighs_all(cls, rubric: list[ScoredCriterion]) -> list[ScoredCriterion]:
        total = sum(line.weight for line in rubric)
        if total != ALL_WEIGHTS:
            raise ValueError(f"the weights add up to {total}, not {ALL_WEIGHTS}")
        return rubric

    @property
    def topics(self) -> list[str]:
        """All concepts of the programme: its fields first, then the specific ones."""
        return [*self.fields, *self.concepts]


@dataclass(frozen=True)
class Line:
    """A parsed line with its number, counted from 1."""

    number: int
    texts: ProgramTexts


def read_texts(folder: Path, concepts: Collection[str], problems: list[Problem]) -> dict[str, Line]:
    """All lines of the file by id; `concepts` are the valid slugs. Problems are added with line and key."""
    path = folder / FILE
    if not path.is_file():
        problems.append(Problem(FILE, None, "", "is missing"))
        return {}
    found: dict[str, Line] = {}
    for number, content in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines(), start=1):
        if not content.strip():
            continue
        try:
            texts = ProgramTexts.model_validate_json(content, context={"concepts": concepts})
        except ValidationError as error:
            problems += _problems(error, number)
            continue
        if texts.id in found:
            problems.append(line_problem(number, "id", f"{texts.id!r} stands in an earlier line too"))
        found[texts.id] = Line(number, texts)
    return found


def line_problem(number: int, key: str, text: str) -> Problem:
    return Problem(FILE, number, key, text, row_name="line", column_name="key")


def _problems(error: ValidationError, number: int) -> Iterator[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        yield line_problem(number, _key(each["loc"]), each["msg"].removeprefix("Value error, "))


def _key(place: tuple[Any, ...]) -> str:
    """`questions[1].text`, with lists counted from 1."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
