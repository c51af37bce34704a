"""Settings, YAML documents with positions, and where the lexicons lie."""

from chataudit.settings.document import Document, read_document, validate
from chataudit.settings.hours import read_hours
from chataudit.settings.model import Settings, read_settings
from chataudit.settings.places import lexicons_folder
from chataudit.settings.policy import Policy

__all__ = [
    "Document",
    "Policy",
    "Settings",
    "lexicons_folder",
    "read_document",
    "read_hours",
    "read_settings",
    "validate",
]
