"""The base of errors of set-up and command line: each says what is wrong and what to do about it."""

from __future__ import annotations


class Failure(Exception):
    """Something that whoever runs the program can mend. ``message`` says what is wrong, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy
