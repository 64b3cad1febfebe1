"""Pictures made anew: decoded within limits, turned upright, made smaller, and without anything but what is seen."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.documents.words import FileKind

MOST_PIXELS = 80_000_000
LONGEST_SIDE = 4096
LONGEST_SIDE_OF_A_PHOTO = 1600
_QUALITY = 88
_DAMAGED = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, MemoryError)


def made_anew(content: bytes, *, longest_side: int = LONGEST_SIDE) -> tuple[FileKind, bytes]:
    """A picture with the same sight and no hidden notes: JPEG, or PNG where it was one.

    Position, camera, time, colour profile, comments and a smaller picture of the uncut scene do not survive. Raises
    `FieldError` for a picture of too many points, and for what cannot be decoded.
    """
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_points()
            was_png = picture.format == "PNG"
            # A JPEG is decoded at a half or a quarter of its size where that is enough.
            picture.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest_side, longest_side))
            clean = _points_only(upright, keeps_alpha=was_png)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_points() from error
    except _DAMAGED as error:
        raise FieldError("file", _("This picture is damaged. Take or save it anew and send that.")) from error
    written = BytesIO()
    if was_png:
        clean.save(written, "PNG")
        return FileKind.PNG, written.getvalue()
    clean.save(written, "JPEG", quality=_QUALITY)
    return FileKind.JPEG, written.getvalue()


def _points_only(picture: Image.Image, *, keeps_alpha: bool) -> Image.Image:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if has_alpha and keeps_alpha:
        seen = picture.convert("RGBA")
    elif has_alpha:
        seen = Image.new("RGB", picture.size, "white")
        seen.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
    else:
        seen = picture.convert("L" if picture.mode in {"1", "L"} else "RGB")
    clean = Image.new(seen.mode, seen.size)
    clean.paste(seen)
    return clean


def _too_many_points() -> FieldError:
    return FieldError("file", _("This picture has too many points. Take it in a lower resolution and send that."))
