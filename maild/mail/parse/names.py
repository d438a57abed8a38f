"""File names of attachments: safe to show, to log and to write to a disk."""

from __future__ import annotations

import re

from maild.mail.text import clean

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_MAX_BYTES = 200
_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "application/ics": ".ics", "text/csv": ".csv",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/png": ".png", "image/x-png": ".png",
    "image/gif": ".gif", "image/tiff": ".tif", "image/bmp": ".bmp", "image/svg+xml": ".svg", "image/webp": ".webp",
    "image/heic": ".heic", "application/pdf": ".pdf", "application/zip": ".zip", "application/octet-stream": ".bin",
    "application/msword": ".doc", "application/rtf": ".rtf", "text/rtf": ".rtf",
    "application/xml": ".xml", "text/xml": ".xml",
    "application/json": ".json", "message/rfc822": ".eml", "message/global": ".eml", "application/pgp-signature": ".asc",
    "application/pgp-keys": ".asc", "application/pgp-encrypted": ".asc", "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat", "text/x-vcard": ".vcf", "text/vcard": ".vcf", "audio/mpeg": ".mp3", "audio/wav": ".wav",
    "audio/x-wav": ".wav", "video/mp4": ".mp4", "text/x-patch": ".patch", "text/x-diff": ".diff",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt",
}  # fmt: skip
_SPECIAL = {
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc", "application/ms-tnef": "winmail.dat",
    "text/calendar": "invite.ics",
}  # fmt: skip


def safe(name: str) -> str:
    """The last path component without controls, bidi and zero-width marks; "" when nothing is left."""
    name = clean.invisible_out(clean.line(name))
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = clean.line(_FORBIDDEN.sub("_", name)).strip("\"' ")
    if not name.strip("._ "):
        return ""
    name = name.rstrip(" ")
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= _MAX_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        return encoded[:_MAX_BYTES].decode("utf-8", "ignore")
    room = _MAX_BYTES - len(extension.encode("utf-8", "replace")) - 1
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + "." + extension


def made(kind: str, number: int, subject: str = "") -> str:
    """A name for a part that has none: image1.png, message2.eml, "Subject.eml" ..."""
    if kind in ("message/rfc822", "message/global") and (
        named := safe(subject.replace("/", "-").replace("\\", "-"))
    ):
        return safe(named[:80].rstrip(". ") + ".eml")
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    main, _, sub = kind.partition("/")
    sub = sub.removeprefix("x-")
    extension = _EXTENSIONS.get(kind) or (f".{sub}" if sub.isalnum() and len(sub) < 6 else ".bin")
    stem = main if main in ("image", "audio", "video", "message") else "attachment"
    return f"{stem}{number}{extension}"
