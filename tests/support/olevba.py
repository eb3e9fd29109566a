"""What oletools sees in a VBA project: a second opinion on ours. It is older than its own parser's warnings."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream

__all__ = ["decompressed", "modules"]


def modules(data: bytes) -> dict[str, str]:
    """File name of each module in a vbaProject.bin → its source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = VBA_Parser("vbaProject.bin", data=data)
        try:
            return {name: code for _, _, name, code in parser.extract_all_macros()}
        finally:
            parser.close()


def decompressed(container: bytes) -> bytes:
    """The data of a compressed container."""
    return bytes(decompress_stream(bytearray(container)))
