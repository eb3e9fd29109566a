"""The compression of sources in a VBA project (MS-OVBA 2.4.1).

Chunks of 4096 bytes; in each, groups of eight tokens behind a byte of flags: a literal byte, or a copy token
(two bytes: how far back, how long) whose bits are shared out by how much of the chunk is known already.
"""

from __future__ import annotations

from collections.abc import Iterator

CHUNK = 4096
_SIGNATURE = b"\x01"
_SHORTEST = 3


def compress(data: bytes) -> bytes:
    """The compressed container. Raises ValueError for a last chunk so random that the format can't hold it."""
    chunks = (data[i : i + CHUNK] for i in range(0, len(data), CHUNK))
    return _SIGNATURE + b"".join(map(_compress_chunk, chunks))


def decompress(container: bytes, limit: int = 10_000_000) -> bytes:
    """The data of a container. Raises ValueError if it is damaged, or holds more than ``limit`` bytes."""
    if container[:1] != _SIGNATURE:
        raise ValueError("no compressed container")
    done = bytearray()
    at = 1
    while at < len(container):
        header = int.from_bytes(container[at : at + 2], "little")
        end = at + (header & 0xFFF) + 3
        if header & 0x7000 != 0x3000 or end > len(container) or len(done) > limit:
            raise ValueError("damaged chunk")
        body = container[at + 2 : end]
        done += _expand_chunk(body) if header & 0x8000 else body
        at = end
    return bytes(done)


def _count_copy_bits(known: int) -> int:
    """Bits of a copy token that say how far back, where ``known`` bytes of the chunk are known; the rest: how long."""
    return max(4, (known - 1).bit_length())


def _compress_chunk(chunk: bytes) -> bytes:
    body = bytearray()
    tokens = list(_make_tokens(chunk))
    for i in range(0, len(tokens), 8):
        group = tokens[i : i + 8]
        body.append(sum(1 << bit for bit, token in enumerate(group) if len(token) == 2))
        body += b"".join(group)
    if len(body) <= CHUNK:
        return (0xB000 | len(body) - 1).to_bytes(2, "little") + body
    if len(chunk) == CHUNK:
        return (0x3000 | CHUNK - 1).to_bytes(2, "little") + chunk
    raise ValueError("too random for a last chunk")


def _make_tokens(chunk: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(chunk):
        bits = _count_copy_bits(at)
        start, length = _find_longest_match(chunk, at, (0xFFFF >> bits) + _SHORTEST)
        if length:
            yield ((at - start - 1) << (16 - bits) | length - _SHORTEST).to_bytes(2, "little")
        else:
            yield chunk[at : at + 1]
        at += length or 1


def _find_longest_match(chunk: bytes, at: int, longest: int) -> tuple[int, int]:
    """Where what follows ``at`` stood before, and how much of it; (0, 0) if less than three bytes."""
    best, length = 0, _SHORTEST
    while length <= min(longest, len(chunk) - at):
        start = chunk.rfind(chunk[at : at + length], 0, at + length - 1)
        if start < 0:
            break
        best, length = start, length + 1
    return (best, length - 1) if length > _SHORTEST else (0, 0)


def _expand_chunk(body: bytes) -> bytes:
    chunk = bytearray()
    at = 0
    while at < len(body):
        flags, at = body[at], at + 1
        for bit in range(8):
            if at >= len(body):
                break
            if not flags >> bit & 1:
                chunk.append(body[at])
                at += 1
                continue
            token = int.from_bytes(body[at : at + 2], "little")
            at += 2
            bits = _count_copy_bits(len(chunk))
            back, length = (token >> (16 - bits)) + 1, (token & 0xFFFF >> bits) + _SHORTEST
            if back > len(chunk) or len(chunk) + length > CHUNK:
                raise ValueError("copy from nowhere")
            for _ in range(length):  # byte by byte: a copy may reach into what it makes
                chunk.append(chunk[-back])
    return bytes(chunk)
