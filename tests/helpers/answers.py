"""Answers to the questions of any application form."""

from programs.states import QuestionKind


def answers_to(questions, text):
    """An answer to each question but those that ask for a file; questions are (id, kind, ids of choices)."""
    given = {
        QuestionKind.YES_NO: lambda _choices: True,
        QuestionKind.ONE_OF: lambda choices: choices[0],
        QuestionKind.SOME_OF: lambda choices: choices[:1],
        QuestionKind.NUMBER: lambda _choices: 3,
        QuestionKind.DATE: lambda _choices: "2027-01-05",
    }
    return {
        str(pk): given.get(QuestionKind(kind), lambda _choices: text)(choices)
        for pk, kind, choices in questions
        if kind != QuestionKind.FILE
    }
