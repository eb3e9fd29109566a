"""Files are reviewed on other computers without the office's keys. What only a key can tell, that a signature holds, is taken for true there and
told as a claim; who has the keys looks at the claims afterwards. A file with a claim that is wrong is reviewed once more, with that known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import SigningKey
from workbook_tools.review.batch_work import DoBatches, Limits, LostItem, pair_batches
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.workbooks.reading import Keys

Review = Callable[..., list[list[ReviewedFile]]]
"""As ``review_each``: the sources and the ``keys`` by name."""


class Claim(NamedTuple):
    """A signature that was taken for that of a key."""

    key: str
    """Its id."""
    content: str
    signature: str


@dataclass(frozen=True, slots=True)
class ClaimedFile:
    """What came of a file if all that it claims is so."""

    file: PackedFile
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsentKey(SigningKey):
    """A key of which all is known but its secret, so it can sign nothing."""

    name: str = ""
    claims: list[list[Claim]] = field(default_factory=list)
    """Of each file that was begun; the last one is at hand."""
    refused: frozenset[Claim] = frozenset()
    """These are known to be wrong."""

    @property
    def id(self) -> str:
        """As the key has it."""
        return self.name

    def holds(self, content: str, signature: str) -> bool:
        """It is not known to be wrong."""
        claim = Claim(self.name, content, signature)
        if claim in self.refused:
            return False
        self.claims[-1].append(claim)
        return True


def review_without_keys(
    do_all: DoBatches,
    batches: Iterable[Sequence[SourceFile]],
    review: Review,
    keys: Keys,
    give_up: Callable[[SourceFile, LostItem], PackedFile],
    limits: Limits,
) -> Iterator[tuple[Sequence[SourceFile], list[PackedFile]]]:
    """Each batch with what came of its files, in their order: what a review with ``keys`` gives. ``do_all`` is not given their secrets."""
    known = {name: (key.revoked, key.foreign) for name, key in keys.items()}

    def send(some: Iterable[Sequence[SourceFile]], refused: frozenset[Claim]) -> Iterator[list[ClaimedFile]]:
        work = partial(_review_noting_claims, review=review, known=known, refused=refused)
        return do_all(some, work, lambda source, lost: ClaimedFile(give_up(source, lost)), limits=limits)

    def verify(source: SourceFile, claimed: ClaimedFile) -> PackedFile:
        refused: frozenset[Claim] = frozenset()
        while wrong := [claim for claim in claimed.claims if not keys[claim.key].holds(claim.content, claim.signature)]:
            refused |= {*wrong}
            [[claimed]] = send([[source]], refused)
        return claimed.file

    for batch, done in pair_batches(batches, lambda some: send(some, frozenset())):
        yield batch, [verify(source, claimed) for source, claimed in zip(batch, done, strict=True)]


def _review_noting_claims(
    sources: Iterable[SourceFile], review: Review, known: Mapping[str, tuple[bool, bool]], refused: frozenset[Claim]
) -> list[ClaimedFile]:
    """On the other computer; ``known`` are the keys by their ids: revoked, foreign."""
    claims: list[list[Claim]] = []

    def begin_each() -> Iterator[SourceFile]:
        for source in sources:
            claims.append([])
            yield source

    keys = {name: AbsentKey(b"", *states, name, claims, refused) for name, states in known.items()}
    reviewed = review(begin_each(), keys=keys)
    return [ClaimedFile(pack_file(items), tuple(found)) for items, found in zip(reviewed, claims, strict=True)]
