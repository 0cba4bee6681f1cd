"""Questions and criteria of the generated programmes by kind, in English and Russian."""

from dataclasses import dataclass, field
from typing import Any

from programs.models import Criterion, Program, Question
from programs.states import ProgramKind, QuestionKind

Text = dict[str, str]


@dataclass(frozen=True)
class AskedQuestion:
    """A question of an application form."""

    label: Text
    kind: str = QuestionKind.LONG
    required: bool = True
    help: Text = field(default_factory=dict)
    limit: int | None = None
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ScoredCriterion:
    """A criterion of the reviews."""

    label: Text
    help: Text
    weight: int


OBJECT = AskedQuestion(
    {
        "en": "Which object or site will you bring to the work, and in what condition is it?",
        "ru": "С каким предметом или памятником вы хотите работать и каково его состояние?",
    },
    limit=1500,
    help={"en": "Material, size, damage, earlier treatment.", "ru": "Материал, размеры, повреждения, прежняя реставрация."},
)
AFTERWARDS = AskedQuestion(
    {"en": "How will your institution use what you learn?", "ru": "Как ваша организация использует полученный опыт?"}, limit=1500
)
EMPLOYER = AskedQuestion(
    {"en": "Does your employer agree to your absence?", "ru": "Согласен ли работодатель на ваше отсутствие?"},
    kind=QuestionKind.YES_NO,
)
LEVEL = AskedQuestion(
    {"en": "How often do you practise this technique?", "ru": "Как часто вы работаете в этой технике?"},
    kind=QuestionKind.ONE_OF,
    choices=(
        {"id": "weekly", "en": "Every week", "ru": "Каждую неделю"},
        {"id": "yearly", "en": "Several times a year", "ru": "Несколько раз в год"},
        {"id": "beginner", "en": "I am beginning", "ru": "Я только начинаю"},
    ),
)
RESEARCH = AskedQuestion(
    {
        "en": "Which question would you like to work on, and with which material?",
        "ru": "Каким вопросом и на каком материале вы хотите заниматься?",
    },
    limit=2000,
)
LOANS = AskedQuestion(
    {
        "en": "How many loans or transports have you accompanied in five years?",
        "ru": "Сколько выдач или перевозок вы сопровождали за пять лет?",
    },
    kind=QuestionKind.NUMBER,
)
HOLDINGS = AskedQuestion(
    {
        "en": "Which holdings do you work with, and how are they described now?",
        "ru": "С какими фондами вы работаете и как они описаны сейчас?",
    },
    limit=1500,
)
WISHES = AskedQuestion(
    {
        "en": "Is there anything we should know to prepare your stay?",
        "ru": "Что нам следует знать, чтобы подготовить ваше пребывание?",
    },
    required=False,
    limit=600,
)

QUESTIONS: dict[str, tuple[AskedQuestion, ...]] = {
    ProgramKind.EXCHANGE: (OBJECT, AFTERWARDS, EMPLOYER),
    ProgramKind.MASTERCLASS: (LEVEL, AFTERWARDS),
    ProgramKind.RESIDENCY: (RESEARCH, AFTERWARDS, WISHES),
    ProgramKind.JOINT_RESEARCH: (RESEARCH, EMPLOYER),
    ProgramKind.TRAINING: (AFTERWARDS, EMPLOYER),
    ProgramKind.EXHIBITION_COURIER: (LOANS, EMPLOYER, WISHES),
    ProgramKind.ARCHIVE_EXCHANGE: (HOLDINGS, AFTERWARDS),
}

PRACTICE = ScoredCriterion(
    {"en": "Professional practice", "ru": "Профессиональный опыт"},
    {
        "en": "Own work with the materials and techniques of the programme, shown by examples.",
        "ru": "Собственная работа с материалами и техниками программы, подтверждённая примерами.",
    },
    3,
)
PLAN = ScoredCriterion(
    {"en": "Clarity of the plan", "ru": "Ясность плана"},
    {
        "en": "The applicant knows what to do, with what, and by when.",
        "ru": "Заявитель знает, что, с чем и к какому сроку он будет делать.",
    },
    2,
)
EFFECT = ScoredCriterion(
    {"en": "Use at home", "ru": "Польза дома"},
    {
        "en": "Others will be taught, a collection or a site will be better kept.",
        "ru": "Опыт будет передан другим, фонд или памятник станут лучше сохраняться.",
    },
    2,
)
CRITERIA = (PRACTICE, PLAN, EFFECT)


def questions_for(program: Program) -> list[Question]:
    """Unsaved questions for this programme."""
    return [
        Question(
            program=program,
            position=position,
            kind=asked.kind,
            label=asked.label,
            help=asked.help,
            required=asked.required,
            limit=asked.limit,
            choices=_choices(asked),
        )
        for position, asked in enumerate(QUESTIONS[program.kind])
    ]


def _choices(asked: AskedQuestion) -> list[Any]:
    return [dict(choice) for choice in asked.choices]


def criteria_for(program: Program) -> list[Criterion]:
    """Unsaved criteria for this programme."""
    return [
        Criterion(program=program, position=position, label=scored.label, help=scored.help, weight=scored.weight)
        for position, scored in enumerate(CRITERIA)
    ]
