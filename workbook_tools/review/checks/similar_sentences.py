"""Pairs of similar sentences among very many, without comparing each with each.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of every window of neighbouring character runs the one with the
smallest hash is kept. Two texts that share eleven characters in a row keep a run in common, so only sentences
with a common run need to be compared. No chance is involved: the same texts give the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workbook_tools.review.checks.passages import are_alike

_RUN, _WINDOW = 6, 6
"""Characters of a run, and runs of a window: eleven equal characters in a row are found, a phrase of five is not."""
_CROWD = 16
"""A run that stands in more sentences than this is a stock phrase and points to nothing."""
_BATCH = 50_000
"""Texts that are hashed at once; their arrays then take some hundred megabytes at most."""
_BASE = np.uint64(0x9E3779B97F4A7C15)

_Hashes = NDArray[np.uint64]
_Ids = NDArray[np.int64]


def similar_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Positions of texts (in normal form, no two equal) that are nearly the same, or one within the other."""
    seen: set[tuple[int, int]] = set()
    for group in _group_by_common_run(texts):
        for pair in combinations(group, 2):
            if pair not in seen:
                seen.add(pair)
                if are_alike(texts[pair[0]], texts[pair[1]]):
                    yield pair


def _group_by_common_run(texts: Sequence[str]) -> Iterator[list[int]]:
    """Texts with a kept run in common; texts that consist mostly of stock phrases are left out."""
    batches = [_keep_runs(texts[i : i + _BATCH], i) for i in range(0, len(texts), _BATCH)]
    hashes = np.concatenate([np.empty(0, np.uint64), *(h for h, _ in batches)])
    ids = np.concatenate([np.empty(0, np.int64), *(i for _, i in batches)])
    if not len(hashes):
        return
    order = np.lexsort((ids, hashes))
    hashes, ids = hashes[order], ids[order]
    first = np.r_[True, hashes[1:] != hashes[:-1]]
    starts = np.flatnonzero(first)
    sizes = np.diff(np.r_[starts, len(hashes)])
    crowded = (sizes > _CROWD)[np.cumsum(first) - 1]
    stock = np.bincount(ids, crowded, len(texts)) > 0.5 * np.bincount(ids, minlength=len(texts))
    usable = (sizes > 1) & (sizes <= _CROWD)
    for start, size in zip(starts[usable].tolist(), sizes[usable].tolist(), strict=True):
        group = [i for i in dict.fromkeys(ids[start : start + size].tolist()) if not stock[i]]
        if len(group) > 1:
            yield group


def _keep_runs(texts: Sequence[str], first: int) -> tuple[_Hashes, _Ids]:
    """The kept runs of a batch of texts: hash and position of the text, neighbours that are equal once."""
    lengths = np.array([len(text) for text in texts])
    characters = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes: _Hashes = np.frombuffer(characters, dtype=np.uint32).astype(np.uint64)
    ids = np.repeat(np.arange(first, first + len(texts)), lengths)
    hashes = np.zeros(max(0, len(codes) - _RUN + 1), dtype=np.uint64)
    for i in range(_RUN):
        hashes = hashes * _BASE + codes[i : len(codes) - _RUN + 1 + i]
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _BASE
    hashes, ids = _drop_crossing_runs(hashes, ids, _RUN)
    smallest = hashes[: max(0, len(hashes) - _WINDOW + 1)]
    for i in range(1, _WINDOW):
        smallest = np.minimum(smallest, hashes[i : len(smallest) + i])
    smallest, ids = _drop_crossing_runs(smallest, ids, _WINDOW)
    new = np.r_[True, (smallest[1:] != smallest[:-1]) | (ids[1:] != ids[:-1])][: len(ids)]
    return smallest[new], ids[new]


def _drop_crossing_runs(values: _Hashes, ids: _Ids, width: int) -> tuple[_Hashes, _Ids]:
    """The values of runs that do not cross from one text into the next; ``ids`` has one entry per element."""
    inside = ids[: len(values)] == ids[width - 1 :]
    return values[inside], ids[: len(values)][inside]
