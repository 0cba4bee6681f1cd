"""Drafts and their files: nothing typed is lost, nothing hostile is kept."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.domain.drafts import MAX_DOCUMENTS, attach_file, remove_file, reopen, save_draft, start_draft
from applications.domain.submissions import submit_application, withdraw
from applications.models import Application
from exchange.core.errors import DomainError, Refusal, StaleError
from tests import factories as make
from tests.helpers.files import PDF
from tests.helpers.forms import post_draft


def an_office_file(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def upload(name, content=PDF):
    return SimpleUploadedFile(name, content)


HOSTILE = {
    "empty": ("plan.pdf", b""),
    "program named pdf": ("plan.pdf", b"MZ\x90\x00" + b"\x00" * 200),
    "svg with script": ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "svg named png": ("plan.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "html named jpg": ("plan.jpg", b"<html><script>alert(1)</script></html>"),
    "zip bomb": ("plan.docx", an_office_file(word__document_xml=b"<w/>", bomb=b"\x00" * 250_000_000)),
    "no office file": ("plan.docx", an_office_file(evil="x")),
    "no ending": ("plan", PDF),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_and_what_was_typed_is_kept(client, draft, kind):
    client.force_login(draft.expert.user)
    name, content = HOSTILE[kind]

    page = post_draft(client, draft, statement="Words I would hate to lose", document=upload(name, content))

    text = page.content.decode()
    assert page.status_code == 422
    assert "A file could not be saved" in text
    assert "Words I would hate to lose" in text
    assert 'class="errors"' in text
    draft.refresh_from_db()
    assert draft.statement == "Words I would hate to lose"
    assert not draft.files.exists()


def test_a_file_that_is_too_large_is_refused(client, draft):
    client.force_login(draft.expert.user)

    page = post_draft(client, draft, document=upload("plan.pdf", PDF + b"0" * (11 * 1024 * 1024)))

    assert page.status_code == 422
    assert "at most 10.0" in page.content.decode().replace("\xa0", " ")


def test_a_name_with_path_parts_is_stored_without_them(draft):
    stored = attach_file(draft, by=draft.expert.user, upload=upload("../../etc/passwd\x00<b>.PDF"))

    assert stored.name == "passwdb.pdf"
    assert stored.file.name.startswith("applications/")
    assert ".." not in stored.file.name


def test_the_refusal_speaks_the_readers_language(client, draft):
    client.force_login(draft.expert.user)

    answers = [
        client.post(
            reverse("apply_file", args=[draft.program.slug]) + f"?lang={lang}", {"field": "document", "document": upload("a.exe")}
        )
        for lang in ("en", "ru")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "“a.exe” cannot be used" in answers[0].content.decode()


def test_the_same_file_sent_twice_is_kept_once(draft):
    first = attach_file(draft, by=draft.expert.user, upload=upload("plan.pdf"))
    again = attach_file(draft, by=draft.expert.user, upload=upload("plan.pdf"))

    assert first == again


def test_documents_are_limited(draft):
    for number in range(MAX_DOCUMENTS):
        attach_file(draft, by=draft.expert.user, upload=upload(f"{number}.pdf", PDF + bytes([number])))

    with pytest.raises(DomainError) as refused:
        attach_file(draft, by=draft.expert.user, upload=upload("more.pdf", PDF + b"more"))

    assert refused.value.code == "upload"


def test_a_file_answers_only_a_question_that_asks_for_one(draft):
    text = draft.program.questions.get()
    elsewhere = make.QuestionFactory(kind="file")

    for question in (text, elsewhere):
        with pytest.raises(DomainError):
            attach_file(draft, by=draft.expert.user, upload=upload("a.pdf"), question_id=question.pk)


def test_files_of_a_submitted_application_stay(draft, expert):
    stored = attach_file(draft, by=expert.user, upload=upload("a.pdf"))
    submit_application(draft, by=expert.user)

    with pytest.raises(StaleError):
        remove_file(stored, by=expert.user)
    with pytest.raises(StaleError):
        attach_file(draft, by=expert.user, upload=upload("b.pdf"))


def test_the_bytes_of_a_removed_file_go_after_commit(draft, expert, django_capture_on_commit_callbacks):
    stored = attach_file(draft, by=expert.user, upload=upload("a.pdf"))
    storage, name = stored.file.storage, stored.file.name

    with django_capture_on_commit_callbacks(execute=True):
        remove_file(stored, by=expert.user)
        assert storage.exists(name)

    assert not storage.exists(name)


def test_save_draft_counts_versions_and_keeps_the_rest(draft, expert):
    save_draft(draft, by=expert.user, version=1, statement="One\r\ntwo")

    assert (draft.version, draft.statement) == (2, "One\ntwo")
    assert draft.answers
    save_draft(draft, by=expert.user, version=0, statement="One\ntwo")
    assert draft.version == 2
    with pytest.raises(StaleError) as refused:
        save_draft(draft, by=expert.user, version=1, statement="Three")
    assert refused.value.code == "newer-draft"


def test_only_the_applicant_saves_and_only_a_draft(draft, host, outsider, expert):
    for user in (host.owner, outsider):
        with pytest.raises(Refusal):
            save_draft(draft, by=user, version=1, statement="x")
    submit_application(draft, by=expert.user)

    with pytest.raises(StaleError) as refused:
        save_draft(draft, by=expert.user, version=1, statement="x")

    assert refused.value.code == "not-a-draft"


def test_a_withdrawn_application_can_be_begun_again(draft, expert):
    submit_application(draft, by=expert.user)
    thread = draft.thread
    withdraw(draft, by=expert.user)

    reopen(draft, by=expert.user)
    submit_application(draft, by=expert.user)

    assert draft.state == "submitted"
    assert draft.thread == thread
    assert [line.body for line in thread.messages.all()] == ["application.submit", "application.withdraw", "application.submit"]


def test_a_closed_programme_is_not_begun_again(draft, expert, program):
    withdraw(draft, by=expert.user)
    type(program).objects.filter(pk=program.pk).update(state="closed")

    with pytest.raises(DomainError) as refused:
        reopen(draft, by=expert.user)

    assert refused.value.code == "not-now"


def test_start_draft_gives_back_what_there_is(application, expert, program, outsider):
    assert start_draft(program, by=expert.user) == application
    with pytest.raises(DomainError) as refused:
        start_draft(program, by=outsider)
    assert refused.value.code == "no-profile"


def test_the_draft_of_another_is_nobodys_business(client, draft, outsider):
    client.force_login(outsider)

    assert client.post(reverse("apply_autosave", args=[draft.program.slug]), {"version": 1, "statement": "x"}).status_code == 404
    assert client.post(reverse("apply_file", args=[draft.program.slug]), {"field": "document"}).status_code == 404
    draft.refresh_from_db()
    assert draft.statement == "I restore suzani."


def test_remove_takes_only_ones_own_file(client, draft):
    other = make.ApplicationFactory(state="draft", submitted_at=None)
    stored = attach_file(other, by=other.expert.user, upload=upload("a.pdf"))
    client.force_login(draft.expert.user)

    for pk in (stored.pk, "x", "9" * 25):
        assert post_draft(client, draft, remove=pk).status_code == 302

    assert other.files.exists()


def test_a_form_without_its_text_changes_no_text(client, draft):
    client.force_login(draft.expert.user)

    client.post(reverse("apply", args=[draft.program.slug]), {"do": "save", "document": upload("a.pdf")})

    draft.refresh_from_db()
    assert (draft.statement, draft.files.count()) == ("I restore suzani.", 1)
    assert Application.objects.get().version == 1
