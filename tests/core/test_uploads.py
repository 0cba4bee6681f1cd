"""What may be uploaded."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from exchange.core.images import prepare_photo, resize_picture
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


def heic(size=(64, 48)):
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, "HEIF")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("photo.heic", heic(), "photo.heic"),
        ("photo.HEIF", heic(), "photo.heic"),
        ("photo.jpg", heic(), "photo.heic"),
        ("photo.jfif", picture("JPEG"), "photo.jpg"),
        ("photo.jpeg", picture("JPEG"), "photo.jpeg"),
        ("photo.jpg", picture("PNG"), "photo.png"),
        ("photo.png", picture("WEBP"), "photo.webp"),
    ],
)
def test_pictures_are_known_by_what_they_are(name, content, kept):
    assert check_upload(upload(name, content), PHOTOGRAPH) == kept


@pytest.mark.parametrize("content", [heic(), picture("WEBP"), picture("GIF")])
def test_a_picture_of_another_format_is_no_document(content):
    with pytest.raises(ValidationError):
        check_upload(upload("scan.jpg", content), DOCUMENT)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "1", "L", "LA", "CMYK", "I;16", "I", "La"])
def test_an_accepted_picture_can_always_be_drawn(kind, mode):
    stream = io.BytesIO()
    try:
        Image.effect_noise((640, 480), 90).convert("RGB").convert(
            "L" if mode.startswith("I") else "RGBA" if mode == "La" else mode
        ).convert(mode).save(stream, kind)
    except (OSError, ValueError, KeyError):
        return  # no file of this format has this mode
    whole = stream.getvalue()

    for content in (whole, whole[: len(whole) * 2 // 3], whole[:-20]):
        try:
            check_upload(upload("photo.jpg", content), PHOTOGRAPH)
        except ValidationError:
            assert content is not whole
            continue
        assert prepare_photo(io.BytesIO(content)).size
        assert resize_picture(io.BytesIO(content), {"small": 320, "large": 1600})[0]


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

    assert field.widget.attrs["accept"] == ".jpg,.jpeg,.jfif,.png,.webp,.heic,.heif"
    assert field.clean(None) is None
    assert field.clean(upload("../me.png", picture())).name == "me.png"
