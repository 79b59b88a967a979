"""Answers of the API, compressed for browsers that can read that.

Only JSON: a page carries a token that a form must bring back, and repeats what its address says. Compressed together,
the length of the one would tell about the other. JSON carries no secret of that kind.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALLEST = 2048  # bytes; what is shorter fits a packet or two anyway
LEVEL = 5  # of gzip: two thirds of the time of the default, a tenth larger


def install(app: Flask) -> None:
    """Compresses the JSON answers of an application."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """The answer, compressed where it is JSON of more than SMALLEST bytes, is not yet, and the asker accepts gzip.

    The tag of a JSON answer becomes a weak one: compressed and plain mean the same, but differ byte by byte.
    """
    if response.mimetype != "application/json" or request.endpoint == "static":
        return response
    response.vary.add("Accept-Encoding")
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    if _is_worth_it(response) and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_worth_it(response: Response) -> bool:
    if "Content-Encoding" in response.headers or response.status_code in {204, 206, 304}:
        return False
    whole = not response.is_streamed and not response.direct_passthrough
    return whole and (response.content_length or response.calculate_content_length() or 0) > SMALLEST
