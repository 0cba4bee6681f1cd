"""Files as people send them."""

import io

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind="JPEG", size=(900, 600), mode="RGB"):
    """The bytes of a photograph; a JPEG also says which camera made it and that it lies on its side."""
    out = io.BytesIO()
    image = Image.new(mode, size, "red" if mode == "RGB" else None)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()
