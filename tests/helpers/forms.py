"""What a browser posts."""

from django.urls import reverse


def rows(prefix, *filled, initial=0):
    """POST data of a set of rows."""
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": initial}
    for index, row in enumerate(filled):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def form_of(draft, **fields):
    """The address and the POST data of a draft's form."""
    question = draft.program.questions.first()
    data = {"do": "save", "version": draft.version, "statement": draft.statement, f"q-{question.pk}": "A silk suzani of 1890."}
    return reverse("apply", args=[draft.program.slug]), data | fields


def post_draft(client, draft, **fields):
    return client.post(*form_of(draft, **fields))
