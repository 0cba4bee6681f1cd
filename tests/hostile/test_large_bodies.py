"""Request bodies that are too large are refused before they are read, in the reader's language."""

import http.client
import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from applications.forms import DocumentForm
from exchange.core.body_limits import TOO_LARGE, body_limit
from exchange.core.uploads import DOCUMENT, PHOTOGRAPH, TABLE
from messaging.domain.threads import MAX_FILES
from tests.factories import UserFactory

BESIDE = 512 * 1024
"""What the text of a form may need beside its files."""
UPLOADS = {
    "expert_imports": TABLE.max_bytes,
    "picture_add": PHOTOGRAPH.max_bytes,
    "profile_files": PHOTOGRAPH.max_bytes + DOCUMENT.max_bytes,
    "agreement_create": DOCUMENT.max_bytes,
    "agreement_edit": DOCUMENT.max_bytes,
    "thread": MAX_FILES * DOCUMENT.max_bytes,
    "apply": 5 * DOCUMENT.max_bytes,
    "apply_file": DOCUMENT.max_bytes,
    "api:upload": DOCUMENT.max_bytes,
}


def path_of(name):
    for arguments in ([], [1], ["a-slug"]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def test_paths_take_what_their_forms_take_and_no_more():
    for name in settings.BODY_LIMITS:
        assert body_limit(path_of(name)) == settings.BODY_LIMITS[name]
    for name, largest in UPLOADS.items():
        assert largest + BESIDE <= body_limit(path_of(name)) <= largest + 3 * 1024 * 1024
    for path in ("/", "/settings/", "/api/v1/me", "/search/", "/nowhere/", "/admin/"):
        assert body_limit(path) == settings.BODY_LIMIT == 2 * 1024 * 1024
    assert DocumentForm.base_fields["document"].upload_kind == DOCUMENT


def too_large(name):
    return {"CONTENT_LENGTH": str(settings.BODY_LIMITS.get(name, settings.BODY_LIMIT) + 1)}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "uz", "tg", "tk"])
def test_page_says_so_in_the_language_of_the_reader(client, language):
    client.force_login(UserFactory(language=language))
    page = client.post("/settings/", b"x", content_type="text/plain", **too_large("settings"))

    assert page.status_code == 413
    assert f'<html lang="{language}"' in page.content.decode()
    texts = {"en": "at most 2.0 MB can be sent here", "ru": "не больше 2,0 МБ"}
    assert texts.get(language, "2,0").replace(" ", "\xa0") in page.content.decode().replace(" ", "\xa0")


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "name"), [("/accounts/login/", "account_login"), ("/admin/login/", ""), ("/nowhere/", "")])
def test_visitors_are_refused_as_well(client, path, name):
    assert client.post(path, b"x", content_type="text/plain", **too_large(name)).status_code == 413


@pytest.mark.django_db
def test_api_answers_with_a_problem(client):
    client.force_login(UserFactory())
    answer = client.post("/api/v1/saved-searches", b"x", content_type="application/json", **too_large("api"))

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(answer.content)["type"].endswith("#too-large")


@pytest.mark.django_db
def test_htmx_shows_it_among_the_messages(client):
    client.force_login(UserFactory())
    answer = client.post("/settings/", b"x", content_type="text/plain", headers={"hx-request": "true"}, **too_large("settings"))

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (413, "#messages")


@pytest.mark.django_db
def test_nothing_is_read_of_it(client, monkeypatch):
    """Not even the token of the form is looked for."""
    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", lambda *_args: pytest.fail("the body was read"))

    checked = Client(enforce_csrf_checks=True)
    for extra in (too_large("settings"), {TOO_LARGE: "1"}):
        assert checked.post("/settings/", b"x", content_type="application/x-www-form-urlencoded", **extra).status_code == 413


@pytest.mark.django_db
def test_a_body_of_the_allowed_size_passes(client):
    client.force_login(UserFactory())
    scan = SimpleUploadedFile("letter.pdf", b"%PDF-1.7\n" + b"x" * (2 * 1024 * 1024))

    assert client.post("/profile/files/", {"cv": scan}).status_code != 413
    assert client.post("/settings/", {"name": "x" * (settings.BODY_LIMIT - 1000)}).status_code == 422


# ---- over a socket -----------------------------------------------------------------------------------------------------


def chunks(count, size=64 * 1024):
    for _ in range(count):
        yield b"x" * size


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "kind"), [("/accounts/login/?lang=ru", "text/html"), ("/api/v1/saved-searches", "application/problem+json")]
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_server_answers_whatever_is_sent(platform, path, kind, chunked):
    """A browser sends everything before it reads the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=30)
    body = chunks(80) if chunked else b"".join(chunks(80))

    connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, encode_chunked=chunked)
    answer = connection.getresponse()
    text = answer.read().decode()

    assert (answer.status, answer.getheader("Content-Type").partition(";")[0]) == (413, kind)
    assert ('<html lang="ru"' in text) == (kind == "text/html")
    connection.close()


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.django_db(transaction=True)
def test_a_chunked_body_within_the_limit_is_read(platform):
    """Its length is known only at its end."""
    user = UserFactory()
    connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=30)
    from accounts.domain.tokens import create_token

    _token, text = create_token(user, name="x", scopes=["read", "write"], by=user)
    pieces = iter([b'{"pro', b'gram": 12345678}'])

    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {text}"}
    connection.request("POST", "/api/v1/applications", pieces, headers, encode_chunked=True)

    assert connection.getresponse().status == 404  # the programme was read, and there is none
    connection.close()
