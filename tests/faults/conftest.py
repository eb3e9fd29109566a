"""The office that comes to grief; it is made once for the tests of a file."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from troubled_office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A small campaign, its ledger in a file."""
    with pytest.MonkeyPatch.context() as patch:
        yield Office(tmp_path_factory.mktemp("office"), patch)
    gc.unfreeze()  # it froze what its forked processes share
