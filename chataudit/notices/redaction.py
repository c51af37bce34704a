"""Secrets kept out of what others say back to us."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, quote_plus


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with every secret, also as it stands in an address, replaced by ``***``.

    >>> redacted("no robot for access_token=a%2Bb", ["a+b"])
    'no robot for access_token=***'
    """
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    return text
