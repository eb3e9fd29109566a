"""SHA-256 of files, by which it is known whether one lies as it was written. They are read piece by piece."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path


def digest_file(path: Path) -> str:
    """In hexadecimal digits. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_readable(path: Path) -> str:
    """The same; blank where the file cannot be read."""
    with suppress(OSError):
        return digest_file(path)
    return ""


def has_digest(path: Path, digest: str) -> bool:
    """The file is there with just this content."""
    return digest_readable(path) == digest != ""
