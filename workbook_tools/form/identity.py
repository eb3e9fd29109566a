"""Identity of an issued workbook: what was issued, and a signature that only the issuing office can make.

The content (project, scheme, notice, layout version) travels in the workbook's hidden sheet, so that a
review needs no list: it rebuilds the layout from it and compares every locked cell. It is whole, settings that equal
a default included: what a later version of the program takes as default changes nothing that is out. The signature
is an HMAC-SHA256 with a key that stays with the finance office; without the key nobody can change the content
unnoticed. Sheet protection is a courtesy beside it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import ValidationError

from workbook_tools.core.model import Project
from workbook_tools.form.fields import Layout, Notice
from workbook_tools.form.printed_texts import digest_sheets
from workbook_tools.rules.scheme import Scheme, restore_scheme

_MAX_CONTENT = 4_000_000
"""Bytes of unpacked content; more is no workbook of ours."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The office's secret; ``id`` may be known to everybody."""

    secret: bytes
    revoked: bool = False
    """What it has signed is trusted no more; the office's key ring says so."""

    @classmethod
    def new(cls) -> SigningKey:
        """A fresh random key."""
        return cls(secrets.token_bytes(32))

    @classmethod
    def from_text(cls, text: str) -> SigningKey:
        """The key that :attr:`text` wrote. Raises ValueError."""
        secret = bytes.fromhex(text.strip())
        if len(secret) != 32:
            raise ValueError("key length")
        return cls(secret)

    @property
    def text(self) -> str:
        """The key as a line of hexadecimal digits."""
        return self.secret.hex()

    @property
    def id(self) -> str:
        """Short public name of the key."""
        return hashlib.sha256(b"id:" + self.secret).hexdigest()[:8]

    def sign(self, content: str) -> str:
        """``key id:signature`` of a content."""
        return f"{self.id}:{hmac.new(self.secret, content.encode(), hashlib.sha256).hexdigest()}"

    def holds(self, content: str, signature: str) -> bool:
        """The signature is this key's over that content."""
        return hmac.compare_digest(self.sign(content).encode(), signature.encode("utf-8", "replace"))

    def password(self, project: Project) -> str:
        """The sheet password of a project's workbook: the same each time it is generated."""
        digest = hmac.new(self.secret, f"password:{project.year}:{project.code}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest)[:8].decode().lower()


BLANK_KEY = SigningKey(hashlib.sha256(b"workbook_tools blank form").digest())
"""Key of the blank form that comes with the package. It is public: it protects against accidents only."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The signed content of a workbook, its signature, and the key that made it and holds."""

    content: str
    signature: str
    key: SigningKey

    @classmethod
    def on(cls, layout: Layout, key: SigningKey) -> Seal:
        """A fresh seal on what is being issued."""
        content = pack(layout)
        return cls(content, key.sign(content), key)


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, as read back from a workbook."""

    version: str
    project: Project
    scheme: Scheme
    notice: Notice
    texts: Mapping[str, str] = field(default_factory=dict)
    """Sheet → the digest of the texts of the form itself."""


def project_digest(project: Project) -> str:
    """Identifies what was issued of a project; its answers, and the order of its sources of money, do not count."""
    return hashlib.sha256(_json(_issued_part(project)).encode()).hexdigest()[:16]


def _issued_part(project: Project) -> dict[str, Any]:
    return project.model_dump(mode="json", exclude={"answers"})


def pack(layout: Layout) -> str:
    """The content of a layout as one line of text."""
    parts = {
        "version": _json(layout.version.name),
        "project": _json(_issued_part(layout.project)),
        "scheme": layout.scheme.content_text,
        "notice": _json(asdict(layout.notice)),
        "texts": _json(digest_sheets(layout)),
    }
    raw = "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"
    return base64.b64encode(zlib.compress(raw.encode(), 9)).decode()


def _json(part: Any) -> str:
    """One line of JSON, spelt the same each time."""
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack(content: str) -> Issued | None:
    """The inverse of :func:`pack`; ``None`` if the text is none of ours."""
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.b64decode(content, validate=True), _MAX_CONTENT)
        if unpacker.unconsumed_tail:
            return None
        data = json.loads(raw)
        scheme = restore_scheme(data["scheme"])
        project, notice = Project.model_validate(data["project"]), Notice(**data["notice"])
        return Issued(str(data["version"]), project, scheme, notice, dict(data.get("texts", {})))
    except (ValueError, TypeError, KeyError, binascii.Error, zlib.error, ValidationError, RecursionError):
        return None
