"""The file of a form, and a document as an answer: what both doors share."""

from starlette.datastructures import UploadFile
from starlette.responses import Response

from app.core.errors import FieldError
from app.core.forms import Form
from app.core.i18n import gettext as _
from app.documents.rules import check_size
from app.documents.schemas import DocumentRow


def file_of(form: Form) -> bytes:
    """The content of the field `file`. Raises `FieldError` there where no file came, or too large a one."""
    sent = form.data.get("file")
    if not isinstance(sent, UploadFile) or not (sent.filename or sent.size):
        raise FieldError("file", _("Choose a file"))
    check_size(sent.size or 0)
    return sent.file.read()


def as_answer(document: DocumentRow, content: bytes) -> Response:
    """The content to be saved, never run: its name says nothing about the child."""
    day = (document.dated_on or document.created_at.date()).isoformat()
    name = f"{document.kind.value}-{day}.{document.file.ending}"
    return Response(
        content,
        media_type=document.file.value,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
