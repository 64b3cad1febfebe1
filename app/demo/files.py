"""Two small files that are nobody's: a picture of a house on a hill, and a letter as PDF."""

from io import BytesIO

from PIL import Image, ImageDraw

_SKY, _HILL, _WALL, _ROOF, _DOOR, _SUN = "#dfeaf0", "#7fa37a", "#efe3cf", "#b4654a", "#5b4636", "#f0c75e"


def picture() -> bytes:
    """A drawn stand-in for a photograph: nobody is in it."""
    image = Image.new("RGB", (480, 480), _SKY)
    pen = ImageDraw.Draw(image)
    pen.ellipse((340, 40, 430, 130), fill=_SUN)
    pen.ellipse((-140, 260, 620, 760), fill=_HILL)
    pen.rectangle((150, 240, 330, 370), fill=_WALL)
    pen.polygon(((130, 245), (240, 160), (350, 245)), fill=_ROOF)
    pen.rectangle((222, 295, 262, 370), fill=_DOOR)
    written = BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def letter(*lines: str) -> bytes:
    """A page of plain text as PDF."""
    text = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
    stream = f"BT /F1 13 Tf 18 TL 72 760 Td {text}ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    written = b"%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
