"""Reviews files on other computers without the office's keys. There every signature is assumed to be valid and reported as a claim; this computer,
which has the keys, verifies the claims afterwards. A file with a false claim is reviewed once more, with that claim known to be false.
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
    """A signature that was assumed to be made with a key."""

    key: str
    """Its id."""
    content: str
    signature: str


@dataclass(frozen=True, slots=True)
class ClaimedFile:
    """The result of a file, provided that its claims are true."""

    file: PackedFile
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsentKey(SigningKey):
    """A key without its secret: it cannot sign, and assumes signatures to be valid."""

    name: str = ""
    claims: list[list[Claim]] = field(default_factory=list)
    """The claims of each file that was begun; the last is the current one."""
    refused: frozenset[Claim] = frozenset()
    """Claims known to be false."""

    @property
    def id(self) -> str:
        """The id of the key."""
        return self.name

    def holds(self, content: str, signature: str) -> bool:
        """True, and noted as a claim, unless it is known to be false."""
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
    """Each batch with the results of its files, in order, the same as in a review with ``keys``. ``do_all`` never gets their secrets."""
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
    """Review on the other computer; ``known``: id of a key → whether it is revoked, foreign."""
    claims: list[list[Claim]] = []

    def begin_each() -> Iterator[SourceFile]:
        for source in sources:
            claims.append([])
            yield source

    keys = {name: AbsentKey(b"", *states, name, claims, refused) for name, states in known.items()}
    reviewed = review(begin_each(), keys=keys)
    return [ClaimedFile(pack_file(items), tuple(found)) for items, found in zip(reviewed, claims, strict=True)]
