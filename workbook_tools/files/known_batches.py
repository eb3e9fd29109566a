"""Results of batches of outputs: for one that was made from the same facts and whose files stand, nothing has to be read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from stat import S_ISDIR
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.faces import AnyPath

if TYPE_CHECKING:
    from workbook_tools.files.kept_records import KeptRecords


@runtime_checkable
class DigestedBatch(Protocol):
    """A batch that knows what it is made from before anything is read."""

    said_as: ClassVar[Any]
    """The type of what it says (``OutputBatch.said``), which survives JSON."""

    def list_facts(self) -> object:
        """All that its outputs and what it says depend on, except the program and the files it looks for; ``None`` if not known."""


@dataclass(frozen=True, slots=True)
class KnownOutput:
    """A file of a batch."""

    place: str
    """As :class:`EarlierOutputs` names it."""
    made_from: str
    digest: str
    """SHA-256 of the file as it was written."""


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """The result of a batch."""

    outputs: Sequence[KnownOutput]
    looked_for: Mapping[str, str]
    """Files and folders whose existence matters, and what was found there (:func:`describe_place`)."""
    said: Any


@dataclass(frozen=True, slots=True)
class _BatchEntry:
    outputs: Sequence[KnownOutput]
    looked_for: Mapping[str, str]


class KnownBatches:
    """The results of a command's last run. What this run does not use is dropped at its end."""

    def __init__(self, records: KeptRecords, *, fresh: bool = False) -> None:
        """``fresh``: all is done again, and what is known is ignored."""
        self._records, self._fresh = records, fresh

    def name(self, batch: object) -> str:
        """The name of a batch's result; blank if it does not know what it is made from."""
        if not self._records.is_open or not isinstance(batch, DigestedBatch):
            return ""
        facts = batch.list_facts()
        return "" if facts is None else digest_facts(type(batch).__qualname__, facts)

    def find(self, batch: object, name: str) -> KnownBatch | None:
        """The result of a batch of that name, if the files it looked for exist, or are missing, as before."""
        if self._fresh or not name or not isinstance(batch, DigestedBatch):
            return None
        kept = self._records.find(_BatchEntry, self._records.name("batch", name))
        said = self._records.find(batch.said_as, self._records.name("said", name))
        if kept is None or said is None:
            return None
        (found, _), (told, _) = kept, said
        if any(describe_place(path) != there for path, there in found.looked_for.items()):
            return None
        return KnownBatch(found.outputs, found.looked_for, told)

    def keep(self, batch: object, name: str, known: KnownBatch) -> Any:
        """Keep a result. Returns what it said as it comes back from JSON (0 for 0.0), so that both runs go on with the same."""
        if not name or not isinstance(batch, DigestedBatch):
            return known.said
        said = self._records.name("said", name)
        self._records.keep(batch.said_as, said, known.said)
        self._records.keep(_BatchEntry, self._records.name("batch", name), _BatchEntry(known.outputs, known.looked_for))
        found = self._records.find(batch.said_as, said)
        return found[0] if found else known.said

    def close(self) -> None:
        """The run is done."""
        self._records.drop_others()


def describe_places(places: Iterable[AnyPath]) -> dict[str, str]:
    """What stands at each of these places."""
    return {str(place): describe_place(place) for place in places}


def describe_place(place: AnyPath) -> str:
    """A folder, a file, or nothing."""
    try:
        return "folder" if S_ISDIR(os.stat(place).st_mode) else "file"  # noqa: PTH116 - thousands of them
    except (OSError, ValueError):
        return ""
