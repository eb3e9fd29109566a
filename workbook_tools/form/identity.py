"""Identity of an issued workbook: what was issued, and a signature that only the issuing office can make.

The content (project, scheme, notice, layout version) travels in the workbook's hidden sheet, so that a
review needs no list: it rebuilds the layout from it and compares every locked cell. It is whole, settings that equal
a default included: what a later version of the program takes as default changes nothing that is out. With it goes which
issue of the project it is (:class:`Issue`), so that an older one is known. The signature
is an HMAC-SHA256 with a key that stays with the finance office; without the key nobody can change the content
unnoticed. Sheet protection is a courtesy beside it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from workbook_tools.core.faces import LateModule
from workbook_tools.core.model import Project
from workbook_tools.core.recent import Recent
from workbook_tools.rules.scheme import Scheme, restore_scheme

if TYPE_CHECKING:
    from workbook_tools.form import fields, printed_texts
    from workbook_tools.form.fields import Layout, Notice
else:  # a key alone needs no layout
    fields = LateModule("workbook_tools.form.fields")
    printed_texts = LateModule("workbook_tools.form.printed_texts")

_NOT_ISSUED: Any = {
    **dict.fromkeys(("answers", "remark", "last_rate", "last_score", "last_grade"), True),
    "indicators": {"__all__": {"last_target", "last_actual", "last_score"}},
}
"""Of a project in the list: what is the unit's, and what is for the office to read."""
_NOT_PRINTED: Any = {**_NOT_ISSUED, "indicators": {"__all__": {"last_target", "last_score"}}}
"""The same where the form shows what was reached the year before."""
_MAX_CONTENT = 4_000_000
"""Bytes of unpacked content; more is no workbook of ours."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The office's secret; ``id`` may be known to everybody."""

    secret: bytes
    revoked: bool = False
    """What it has signed is trusted no more; the office's key ring says so."""
    foreign: bool = False
    """It is another office's, kept to verify only; the key ring says so."""

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
        return f"{self.id}:{hmac.digest(self.secret, content.encode(), 'sha256').hex()}"

    def holds(self, content: str, signature: str) -> bool:
        """The signature is this key's over that content."""
        return hmac.compare_digest(self.sign(content).encode(), signature.encode("utf-8", "replace"))

    def password(self, project: Project) -> str:
        """The sheet password of a project's workbook: the same each time it is generated."""
        digest = hmac.digest(self.secret, f"password:{project.year}:{project.code}".encode(), "sha256")
        return base64.b32encode(digest)[:8].decode().lower()


@dataclass(frozen=True, slots=True)
class LentKey(SigningKey):
    """A key without its secret, for who draws a workbook whose seal was made by who has the key: it knows the password of that one workbook."""

    name: str = ""
    sheet_password: str = ""

    @property
    def id(self) -> str:
        """As the key has it."""
        return self.name

    def password(self, project: Project) -> str:
        """That of the workbook."""
        return self.sheet_password


BLANK_KEY = SigningKey(hashlib.sha256(b"workbook_tools blank form").digest())
"""Key of the blank form that comes with the package. It is public: it protects against accidents only."""


def list_secrets(keys: Iterable[SigningKey]) -> list[tuple[bytes, bool, bool]]:
    """What an office's entries are sealed by: all its keys with their states."""
    return sorted((key.secret, key.revoked, key.foreign) for key in keys)


class SealState(StrEnum):
    """What the seal of a file that came back proves."""

    NONE = "没有"
    """It is no workbook of ours."""
    OWN = "本局"
    """It holds, by a key of this office."""
    FOREIGN = "他处"
    """It holds, by a key that is kept to verify another office's."""
    UNKNOWN_KEY = "密钥不在本机"
    PUBLIC = "公开"
    """It is that of the blank form."""
    FORGED = "冒充"
    """It is that of the blank form, on a workbook that names its project: the office signs none such."""
    REVOKED = "密钥作废"
    BROKEN = "不符"
    VALUES_ONLY = "没有锁定"
    """The file is in a format that keeps nothing but values."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Which issue (下发) of a project a workbook is of."""

    id: str = ""
    """Random; blank where nobody keeps account of issues."""
    round: int = 0
    """Counts the issues of the project from 1."""
    digest: str = ""
    """Identifies the whole issued content, the scheme included."""

    @classmethod
    def new(cls, round_: int, digest: str) -> Issue:
        """An issue that nobody can guess."""
        return cls(secrets.token_hex(8), round_, digest)


NO_ISSUE = Issue()


@dataclass(frozen=True, slots=True)
class Seal:
    """The signed content of a workbook, its signature, and the key that made it and holds."""

    content: str
    signature: str
    key: SigningKey

    @classmethod
    def on(cls, layout: Layout, key: SigningKey, issue: Issue = NO_ISSUE) -> Seal:
        """A fresh seal on what is being issued."""
        return cls.on_content(write_content(layout), key, issue)

    @classmethod
    def on_content(cls, content: str, key: SigningKey, issue: Issue) -> Seal:
        """The same for what :func:`write_content` has written."""
        packed = pack(content, issue)
        return cls(packed, key.sign(packed), key)


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, as read back from a workbook."""

    version: str
    project: Project
    scheme: Scheme
    notice: Notice
    texts: Mapping[str, str] = field(default_factory=dict)
    """Sheet → the digest of the texts of the form itself."""
    issue: Issue = NO_ISSUE
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was printed besides the project (:attr:`Layout.facts`)."""


def project_digest(project: Project) -> str:
    """Identifies what was issued of a project; its answers, the office's remark, last year's figures, and the order of its sources of money, do not count."""
    return _digest(_json(_issued_part(project)))


def digest_and_pack(project: Project) -> tuple[str, str]:
    """:func:`project_digest` and :func:`pack_project` of a project."""
    text = _json(_issued_part(project))
    return _digest(text), _compress(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _issued_part(project: Project, left_out: Any = _NOT_ISSUED) -> dict[str, Any]:
    return project.model_dump(mode="json", exclude=left_out)


def write_content(layout: Layout) -> str:
    """All that is issued with a layout as one line of JSON: version, project, scheme, notice, digests of the form's own texts, and
    what is printed besides, if anything."""
    version, texts = layout.version.name, printed_texts.digest_sheets(layout)
    return compose_content(version, layout.project, layout.scheme, layout.notice, texts, layout.facts)


def compose_content(
    version: str,
    project: Project,
    scheme: Scheme,
    notice: Notice,
    texts: Mapping[str, str],
    facts: Mapping[str, Any] | None = None,
) -> str:
    """The same, where the layout is not at hand, but what is issued and the digests of the form's own ``texts`` are."""
    parts = {
        "version": _json(version),
        "project": _json(_issued_part(project, _NOT_PRINTED if scheme.form.last_actual else _NOT_ISSUED)),
        "scheme": scheme.content_text,
        "notice": _json(asdict(notice)),
        "texts": _json(texts),
    }
    if facts:
        parts["facts"] = _json(facts)
    return "{" + ",".join(f'"{name}":{part}' for name, part in parts.items()) + "}"


def content_digest(content: str) -> str:
    """SHA-256 of what :func:`write_content` has written."""
    return hashlib.sha256(content.encode()).hexdigest()


def pack(content: str, issue: Issue = NO_ISSUE) -> str:
    """What :func:`write_content` has written, and which issue it is, as one line of text."""
    return _compress(f'{content[:-1]},"issue":{_json(asdict(issue))}}}')


def pack_project(project: Project) -> str:
    """What was issued of a project as one line of text."""
    return _compress(_json(_issued_part(project)))


def unpack_project(text: str) -> Project | None:
    """The inverse of :func:`pack_project`; ``None`` if the text is none of ours."""
    try:
        return Project.model_validate_json(_decompress(text))
    except (ValueError, zlib.error, RecursionError):
        return None


def _compress(raw: str) -> str:
    return base64.b64encode(zlib.compress(raw.encode(), 9)).decode()


def _decompress(text: str) -> bytes:
    """Raises ValueError, zlib.error: it is no text of ours."""
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(base64.b64decode(text, validate=True), _MAX_CONTENT)
    if unpacker.unconsumed_tail:
        raise ValueError("too much content")
    return raw


def _json(part: Any) -> str:
    """One line of JSON, spelt the same each time."""
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack(content: str) -> Issued | None:
    """The inverse of :func:`pack`; ``None`` if the text is none of ours."""
    try:
        data, scheme = _read_content(_decompress(content))
        issue = _read_issue(**data.get("issue", {}))
        project, notice = Project.model_validate(data["project"]), fields.Notice(**data["notice"])
        texts, facts = dict(data.get("texts", {})), dict(data.get("facts", {}))
        return Issued(str(data["version"]), project, scheme, notice, texts, issue, facts)
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError):
        return None


def _read_content(raw: bytes) -> tuple[dict[str, Any], Scheme]:
    """What was packed, and its scheme: most of it, and in many workbooks the same to the letter, so that it is read once.

    Raises ValueError, TypeError, KeyError, RecursionError: it is none of ours.
    """
    start = raw.find(_BEFORE_SCHEME + b"{") + len(_BEFORE_SCHEME)
    written = raw[start : raw.find(_BEHIND_SCHEME, start)]
    usual = len(written) <= _LARGEST_SCHEME
    if usual and (known := _SCHEMES.find(written)):
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            data = json.loads(raw[:start] + _STAND_IN + raw[start + len(written) :])
            if data["scheme"] == json.loads(_STAND_IN):  # it is the scheme that was cut out, and no other text
                return data, known
    data = json.loads(raw)
    scheme = restore_scheme(data["scheme"])
    if usual:
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            _SCHEMES.keep(written, restore_scheme(json.loads(written)))
    return data, scheme


_BEFORE_SCHEME, _BEHIND_SCHEME = b',"scheme":', b',"notice":'
_STAND_IN = json.dumps(secrets.token_hex()).encode()
"""Stands for the scheme. Nobody else knows it: it can be nowhere in what came."""
_SCHEMES = Recent[Scheme](12_000)
"""By their JSON as it is written."""
_LARGEST_SCHEME = 40_000
"""Bytes of that; ours have a quarter of it."""


def _read_issue(id: object = "", round: object = 0, digest: object = "") -> Issue:  # noqa: A002 - as they are written
    return Issue(str(id), int(str(round)), str(digest))
