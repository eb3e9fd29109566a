"""What holds VBA: the compressed stream, and the compound file."""

from __future__ import annotations

import io
import random

import olefile
import olevba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_tools.vba.compound import build_compound_file
from workbook_tools.vba.compression import CHUNK, compress, decompress

# -- compression ------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from([b"a", b"Dim x As Long\r\n", "校验".encode("gbk"), b"\x00\xff"]), max_size=900),
    st.binary(max_size=40),
)
@settings(deadline=None, max_examples=60)
def test_what_is_compressed_comes_back(words: list[bytes], rest: bytes) -> None:
    data = b"".join(words) + rest
    packed = compress(data)
    assert decompress(packed) == data
    assert olevba.decompressed(packed) == data


@pytest.mark.parametrize("size", [0, 1, 2, 3, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_size_around_a_chunk_comes_back(size: int) -> None:
    for data in (bytes(size), (b"Private Sub x()\r\nEnd Sub\r\n" * size)[:size]):
        assert decompress(compress(data)) == data


def test_the_specifications_own_examples() -> None:
    """MS-OVBA 3.2."""
    assert (
        compress(b"abcdefghijklmnopqrstuv.").hex()
        == "0119b000" + "6162636465666768" + "00696a6b6c6d6e6f70" + "00717273747576" + "2e"
    )
    assert compress(b"a" * 73).hex() == "0103b002614500"


def test_a_chunk_that_cannot_shrink_is_stored_as_it_is() -> None:
    noise = random.Random(1).randbytes(CHUNK)
    assert decompress(compress(noise + b"end")) == noise + b"end"
    with pytest.raises(ValueError, match="random"):
        compress(noise[:-1])


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01\x00", b"\x01\x02\xb0\x01\x00\x10", b"\x01\xff\xbf\x00"])
def test_a_damaged_container_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"container|chunk|nowhere"):
        decompress(data)


# -- the compound file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 6, 40])
def test_streams_of_all_sizes_lie_in_a_compound_file(count: int) -> None:
    """More than a sector of entries, small streams and large ones, more than one table of sectors."""
    streams = {f"模块{i}" if i % 2 else f"m{i}": bytes([i]) * (i * 2000) for i in range(count)}
    data = build_compound_file({"VBA": streams, "PROJECT": b"x"})
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL) as file:
        assert {name: file.openstream(["VBA", name]).read() for name in streams} == streams
        assert file.openstream("PROJECT").read() == b"x"


def test_the_directory_is_a_red_black_tree() -> None:
    """Windows looks names up in it: sorted by length and letters, no red below red, as many black on each way."""
    names = [f"n{i}" for i in range(25)]
    with olefile.OleFileIO(io.BytesIO(build_compound_file(dict.fromkeys(names, b"")))) as file:
        entries = {entry.sid: entry for entry in map(file._load_direntry, range(26))}

    def walk(number: int, parent_red: bool) -> tuple[list[str], int]:
        if number == olefile.NOSTREAM:
            return [], 0
        entry = entries[number]
        red = entry.color == 0
        assert not (red and parent_red)
        (left, black), (right, other) = walk(entry.sid_left, red), walk(entry.sid_right, red)
        assert black == other
        return [*left, entry.name, *right], black + (not red)

    assert walk(entries[0].sid_child, False)[0] == sorted(names, key=lambda name: (len(name), name))


def test_unused_entries_of_the_directory_are_as_excel_writes_them() -> None:
    """Colour 0 and no neighbours: 1,569 of 1,590 in files that Excel saved."""
    with olefile.OleFileIO(io.BytesIO(build_compound_file({"one": b"x"}))) as file:
        directory = file._open(file.first_dir_sector).read()
    unused = [directory[i : i + 128] for i in range(0, len(directory), 128) if directory[i + 66] == 0]
    assert [(entry[67], entry[68:80]) for entry in unused] == [(0, b"\xff" * 12)] * 2
