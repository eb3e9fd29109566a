"""A set of very many texts, held on disk: in memory each would take two hundred bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from workbook_tools.files.temporary_data import explain_full_disk, open_temporary_database, read_text, spell_text


class StoredTexts:
    """A set of texts in an unnamed SQLite file that is removed with it; a small one stays in memory. Raises OutputError if the disk is full."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._database = open_temporary_database("CREATE TABLE told (text BLOB PRIMARY KEY) WITHOUT ROWID")
        self.add(texts)

    def add(self, texts: Iterable[str]) -> None:
        """Add these."""
        with explain_full_disk():
            self._database.executemany("INSERT OR IGNORE INTO told VALUES (?)", ((spell_text(text),) for text in texts))

    def __contains__(self, text: object) -> bool:
        sql = "SELECT 1 FROM told WHERE text = ?"
        with explain_full_disk():
            return isinstance(text, str) and self._database.execute(sql, (spell_text(text),)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        """In the order of their bytes."""
        with explain_full_disk():
            for (text,) in self._database.execute("SELECT text FROM told ORDER BY text"):
                yield read_text(text)

    def digest(self) -> str:
        """SHA-256 of the set, whatever the order in which texts were added."""
        digest = hashlib.sha256()
        for text in self:
            spelled = spell_text(text)
            digest.update(b"%d:%b" % (len(spelled), spelled))
        return digest.hexdigest()
