"""What may be uploaded."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from exchange.core.uploads import DOCUMENT, PHOTOGRAPH, UploadField, check_upload, clean_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(name, content):
    return SimpleUploadedFile(name, content)


def docx(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def picture(kind="PNG", size=(4, 4)):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cv.pdf", PDF),
        ("CV.PDF", PDF),
        ("cv.docx", docx({"word/document.xml": "<w/>"})),
        ("scan.png", picture()),
        ("scan.jpg", picture("JPEG")),
    ],
)
def test_sound_files_pass(name, content):
    assert check_upload(upload(name, content), DOCUMENT).lower() == name.lower()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cv.pdf", b"", "empty"),
        ("cv.exe", b"MZ\x90\x00", "ending"),
        ("cv.pdf", b"MZ\x90\x00" + b"\x00" * 200, "content"),
        ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "ending"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "content"),
        ("photo.png", picture()[:40], "content"),
        ("photo.jpg", picture("PNG"), "content"),
        ("cv.docx", b"PK\x03\x04nonsense", "content"),
        ("cv.docx", docx({"evil.txt": "no main part"}), "content"),
        ("cv.docx", docx({"word/document.xml": b"0" * (210 * 1024 * 1024)}), "content"),
        ("noending", PDF, "ending"),
    ],
)
def test_unfit_files_are_refused_with_the_reason(name, content, code):
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(name, content), DOCUMENT)

    assert refusal.value.code == code
    assert name.split(".")[0] in str(refusal.value.messages[0])


def test_too_large_a_file_is_refused_by_its_size_alone():
    large = TemporaryUploadedFile("cv.pdf", "application/pdf", 200 * 1024 * 1024, None)

    with pytest.raises(ValidationError) as refusal:
        check_upload(large, DOCUMENT)

    assert refusal.value.code == "too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\Резюме.PDF", "Резюме.pdf"),
        ("a\x00b\u202egpj.pdf", "abgpj.pdf"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Oʻzbek.pdf", "Oʻzbek.pdf"),
    ],
)
def test_clean_name(given, kept):
    assert clean_name(given) == kept


def test_upload_field_says_its_limits():
    field = UploadField(upload_kind=PHOTOGRAPH, required=False)

    assert field.widget.attrs["accept"] == ".jpg,.jpeg,.png,.webp"
    assert field.clean(None) is None
    assert field.clean(upload("../me.png", picture())).name == "me.png"
