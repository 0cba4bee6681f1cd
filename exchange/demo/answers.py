"""What demonstration users answer to the questions of application forms, and the files they attach."""

import datetime
import hashlib
from functools import cache
from random import Random
from typing import Any

import typst

from exchange.demo.texts import ANSWER, SHORT_ANSWER, one_of, written
from programs.domain.answers import choice_id
from programs.domain.items import CHOOSING
from programs.models import Question
from programs.states import QuestionKind


def answer(question: Question, thing: str, language: str, random: Random, today: datetime.date) -> Any:
    """A plausible stored answer to any question that does not ask for a file."""
    found: Any
    if question.kind == QuestionKind.YES_NO:
        found = random.random() < 0.9
    elif question.kind == QuestionKind.NUMBER:
        found = random.randint(1, 14)
    elif question.kind == QuestionKind.DATE:
        found = (today + datetime.timedelta(days=random.randint(60, 240))).isoformat()
    elif question.kind in CHOOSING:
        choices = [choice_id(choice, place) for place, choice in enumerate(question.choices)]
        chosen = random.sample(choices, k=random.randint(1, min(3, len(choices))))
        found = chosen[0] if question.kind == QuestionKind.ONE_OF else [choice for choice in choices if choice in chosen]
    else:
        # The first question asks about the applicant's object or work, the others about plans.
        long_texts = ANSWER[:1] if question.position == 0 else ANSWER[1:]
        texts = SHORT_ANSWER if question.kind == QuestionKind.SHORT else long_texts
        found = written(one_of(texts, random), language, thing=thing)
    return found


def document_name(language: str) -> str:
    return "Документация.pdf" if language == "ru" else "Documentation.pdf"


@cache
def document(language: str) -> bytes:
    """One page that stands for whatever a programme asks to attach, as PDF."""
    title, text = (
        ("Документация к заявке", "На этом месте была бы документация заявителя. Демонстрационная запись.")
        if language == "ru"
        else ("Documentation for the application", "The applicant's documentation would be here. Demonstration record.")
    )
    source = (
        '#set page(paper: "a4", margin: 25mm)\n#set text(font: "Libertinus Serif", size: 11pt)\n'
        "#text(size: 18pt, sys.inputs.title)\n#parbreak()\n#sys.inputs.text\n"
    )
    pdf: bytes = typst.compile(source.encode(), sys_inputs={"title": title, "text": text}, ignore_system_fonts=True)
    return pdf


@cache
def document_digest(language: str) -> str:
    return hashlib.sha256(document(language)).hexdigest()
