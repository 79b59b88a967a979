"""A picture as PNG, by the standard library alone."""

import struct
import zlib

import numpy as np

from layers.errors import ParameterError

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(pixels: np.ndarray) -> bytes:
    """Return an RGBA picture as PNG. pixels: rows × columns × 4, unsigned bytes, the first row on top.

    Raises ParameterError for another shape or type. Source: the PNG specification, ISO/IEC 15948.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4 or not pixels.size:
        raise ParameterError(f"a picture has rows × columns × 4 bytes, got {pixels.shape} {pixels.dtype}")
    rows, columns, _ = pixels.shape
    # Each row begins with the number of its filter: 0, none, is best for areas of one colour.
    lines = np.zeros((rows, 1 + 4 * columns), dtype=np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 4)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
