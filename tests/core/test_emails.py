"""Headers of e-mails as bytes on the wire: folded, but never empty on their first line."""

from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import getaddresses

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMessage, EmailMultiAlternatives

from exchange.core.emails import Email
from messaging.domain.mail import queue_emails, send_waiting_mail
from messaging.models import Mail
from tests.factories import UserFactory

NAMES = {
    "en": "The International Programme for the Conservation of Manuscripts, Carpets and Wall Paintings, Washington",
    "ru": "Международная программа сохранения рукописей, ковров и стенной живописи, Государственный музей",
    "kk": "Қолжазбаларды, кілемдерді және қабырға суреттерін сақтаудың халықаралық бағдарламасы, Ұлттық музей",
    "ky": "Кол жазмаларды, килемдерди жана дубал сүрөттөрүн сактоонун эл аралык программасы, Улуттук музей",
    "uz": "Qoʻlyozmalar, gilamlar va devoriy suratlarni asrash xalqaro dasturi, Oʻzbekiston davlat muzeyi",
    "tg": "Барномаи байналмилалии ҳифзи дастхатҳо, қолинҳо ва нақшҳои деворӣ, Осорхонаи миллӣ",
    "tk": "Golýazmalary, halylary we diwar suratlaryny goramak boýunça halkara maksatnama, Milli muzeý",
}


def headers(data):
    """The lines of each header."""
    found = {}
    lines = []
    for line in data.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].split(b"\n"):
        if line.startswith((b" ", b"\t")):
            lines.append(line)
        else:
            name, first = line.split(b":", 1)
            lines = found[name.decode()] = [first]
    return found


def check_begins(data, *names):
    """Every named header has something on its own line and keeps to 78 characters a line."""
    for name in names:
        first, *more = headers(data)[name]
        assert first.strip(), f"{name} begins with an empty line"
        assert len(name) + 1 + len(first) <= 78
        assert all(line.strip() and len(line) <= 78 for line in more)


def decoded(text):
    return str(make_header(decode_header(text)))


def subject_of(data):
    return str(BytesParser(policy=policy.default).parsebytes(data)["Subject"])


def people_in(data, name):
    """Names and addresses, decoded as RFC 2047 says: white space between encoded words is no part of a name."""
    found = getaddresses(["".join(line.decode() for line in headers(data)[name])])
    return [(decoded(person), address) for person, address in found]


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("length", [1, 20, 40, 60, 95])
def test_headers_begin_on_their_line(language, length):
    name = NAMES[language][:length].strip().rstrip(",")
    address = f'"{name}" <someone@example.org>'
    message = Email(name, "x", address, [address, "other@example.org"], cc=[address], reply_to=[address])

    data = message.message().as_bytes()

    check_begins(data, "Subject", "From", "To", "Cc", "Reply-To")
    assert subject_of(data) == name
    assert people_in(data, "From") == people_in(data, "Cc") == people_in(data, "Reply-To") == [(name, "someone@example.org")]
    assert people_in(data, "To") == [(name, "someone@example.org"), ("", "other@example.org")]


@pytest.mark.parametrize(
    "subject", ["Оченьдлинноеслово" * 12, "https://example.org/" + "x" * 120, "[Нужен ответ] " + "А" * 200, "Short"]
)
def test_a_subject_without_spaces_begins_on_its_line(subject):
    data = Email(subject, "x", "a@example.org", ["b@example.org"]).message().as_bytes()

    check_begins(data, "Subject")
    assert subject_of(data) == subject


def test_a_library_message_keeps_everything():
    message = EmailMultiAlternatives("Тема", "text", "a@example.org", ["b@example.org"], headers={"X-Kind": "test"})
    message.attach_alternative("<p>html</p>", "text/html")
    plain = EmailMessage("Тема", "<b>b</b>", "a@example.org", ["b@example.org"])
    plain.content_subtype = "html"

    assert Email.of(message).message()["X-Kind"] == "test"
    assert [part.get_content_type() for part in Email.of(message).message().get_payload()] == ["text/plain", "text/html"]
    assert Email.of(plain).message().get_content_type() == "text/html"


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.django_db
def test_a_queued_email_begins_its_headers_on_their_line(language, settings, mailoutbox):
    settings.DEFAULT_FROM_EMAIL = f'"{NAMES[language]}" <no-reply@example.org>'
    queue_emails([Mail(key="k", address="b@example.org", language=language, subject=NAMES[language], text="x")])

    assert send_waiting_mail() == 1

    data = outgoing.outbox[0].message().as_bytes()
    check_begins(data, "Subject", "From", "To")
    assert subject_of(data) == NAMES[language]
    assert people_in(data, "From") == [(NAMES[language], "no-reply@example.org")]


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.django_db
def test_an_account_email_begins_its_headers_on_their_line(language, settings, mailoutbox, client):
    settings.DEFAULT_FROM_EMAIL = f'"{NAMES[language]}" <no-reply@example.org>'
    user = UserFactory(language=language)

    client.post("/accounts/password/reset/", {"email": user.email})
    assert send_waiting_mail() == 1

    data = outgoing.outbox[0].message().as_bytes()
    check_begins(data, "Subject", "From", "To")
    assert people_in(data, "From") == [(NAMES[language], "no-reply@example.org")]
    assert people_in(data, "To") == [("", user.email)]
