"""Vocabularies of documents."""

from app.core.i18n import N_
from app.core.words import Word


class DocumentKind(Word):
    """What a document is."""

    PHOTO = "photo", N_("Photograph of the child")
    BIRTH_CERTIFICATE = "birth_certificate", N_("Birth certificate")
    IDENTITY_PAPER = "identity_paper", N_("Identity paper")
    CONSENT = "consent", N_("Written consent")
    COURT_DECISION = "court_decision", N_("Decision of a court")
    ADMINISTRATIVE_ACT = "administrative_act", N_("Decision of an office")
    AGREEMENT = "agreement", N_("Agreement with a family")
    MEDICAL = "medical", N_("Medical paper")
    SCHOOL_REPORT = "school_report", N_("School report")
    ASSESSMENT = "assessment", N_("Assessment")
    LETTER = "letter", N_("Letter")
    INSTITUTION_FILE = "institution_file", N_("From the institution's file")
    FAMILY_PHOTO = "family_photo", N_("Photograph of the family")
    OTHER = "other", N_("Other")


class FileKind(Word):
    """What a file is by its content."""

    JPEG = "image/jpeg", N_("Picture")
    PNG = "image/png", N_("Picture (PNG)")
    PDF = "application/pdf", N_("PDF")
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", N_("Word document")
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", N_("Excel table")
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", N_("PowerPoint slides")
    ODT = "application/vnd.oasis.opendocument.text", N_("OpenDocument text")
    ODS = "application/vnd.oasis.opendocument.spreadsheet", N_("OpenDocument table")
    DOC = "application/msword", N_("Word document (old)")
    XLS = "application/vnd.ms-excel", N_("Excel table (old)")

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown on a page."""
        return self in {FileKind.JPEG, FileKind.PNG}

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return _ENDINGS[self.value]


_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
}
