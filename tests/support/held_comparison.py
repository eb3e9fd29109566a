"""The comparison of texts as it is defined, everything in memory: what the one that reads from disk has to find, in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from workbook_tools.core.review_result import ProjectRow
from workbook_tools.review.checks.cross import _NAMED, _STOCK
from workbook_tools.review.checks.passages import LONGEST, SENTENCE, are_alike, normal_form, split_sentences
from workbook_tools.review.checks.similar_sentences import _CROWD, keep_runs

Found = tuple[str, str, str, str]
"""Code, project, section, and the other project that is named."""


def similar_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of texts, no two equal, that share a run which is in few of them, and are alike."""
    hashes, ids = keep_runs(texts, 0)
    runs: dict[int, list[int]] = defaultdict(list)
    for key, number in sorted(zip(hashes.tolist(), ids.tolist(), strict=True)):
        runs[key].append(number)
    total, crowded = [0] * len(texts), [0] * len(texts)
    for places in runs.values():
        for number in places:
            total[number] += 1
            crowded[number] += len(places) > _CROWD
    seen: dict[tuple[int, int], bool] = {}
    for places in runs.values():
        if len(places) <= _CROWD:
            usual = [number for number in dict.fromkeys(places) if crowded[number] <= 0.5 * total[number]]
            for one, other in combinations(usual, 2):
                if (one, other) not in seen:
                    seen[one, other] = are_alike(texts[one], texts[other])
    return [pair for pair, alike in seen.items() if alike]


def compare_texts(rows: Sequence[ProjectRow]) -> Iterator[Found]:
    """What CROSS02 and CROSS03 say of projects whose texts are plain sentences."""
    spots: dict[str, list[tuple[int, str]]] = {}
    for position, row in enumerate(rows):
        for key, content in row.texts.items():
            for plain in map(normal_form, split_sentences(content)):
                places = spots.setdefault(plain, []) if SENTENCE <= len(plain) <= LONGEST else [(position, key)]
                if (position, key) not in places[-1:]:
                    places.append((position, key))
    texts = list(spots)
    like = [[number] for number in range(len(texts))]
    for one, other in similar_pairs(texts):
        like[one].append(other)
        like[other].append(one)
    projects = [{position for i in like[number] for position, _ in spots[texts[i]]} for number in range(len(texts))]
    own: dict[tuple[int, str], list[int]] = {}
    for number, text in enumerate(texts):
        for spot in spots[text]:
            own.setdefault(spot, []).append(number)
    for (position, key), numbers in sorted(own.items(), key=lambda item: item[0][0]):
        stock = [number for number in numbers if len(projects[number]) > _STOCK]
        shared: dict[int, set[int]] = defaultdict(set)
        for number in numbers:
            for other in projects[number] - {position} if number not in stock else ():
                shared[other].add(number)
        ranked = sorted(shared, key=lambda other: (-len(shared[other]), other))
        if ranked:
            yield from (("CROSS02", rows[position].code, key, rows[other].code) for other in ranked[:_NAMED])
        elif stock:
            yield "CROSS03", rows[position].code, key, ""
