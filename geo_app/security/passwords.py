"""Passwords: argon2id, nothing cut off, and the same work whether or not the account exists."""

from __future__ import annotations

import secrets
import string
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo_app.errors import N_, AppError

SHORTEST = 8
LONGEST = 1024  # far above what anybody types; a bound on the work that a stranger may cause
LONG_ENOUGH_OF_ONE_CLASS = 15

_hasher = PasswordHasher()

# What an unknown account's password is compared with, so that it costs the same work. Of nothing that anybody kept.
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$bYlvkeSJyKeDoqpAgU3rvA$WOUd0bqw2If6h1PYuJdXW3UcyKuNC3RJm5VZyeE6PYk"


class WeakPassword(AppError):
    """A new password does not fulfil the rules."""

    code = "weak_password"
    status = 422
    title = N_("This password is too weak")
    message = N_("A password has at least 8 characters of three kinds, or at least 15 of any kind.")
    remedy = N_("Use capital and small letters, digits and signs, or a whole sentence.")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(_normal(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one of the stored hash. None, for an unknown account, takes as long and is False."""
    try:
        matches = len(password) <= LONGEST and _hasher.verify(stored or NOBODYS_HASH, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(matches and stored)


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, login: str) -> None:
    """Raises WeakPassword, or nothing."""
    kinds = (
        str.islower,
        str.isupper,
        str.isdigit,
        lambda c: not c.isalnum(),
        lambda c: c.isalpha() and c.lower() == c.upper(),
    )
    classes = sum(any(kind(character) for character in password) for kind in kinds)
    if len(password) > LONGEST:
        raise WeakPassword(N_("A password has at most %(most)s characters."), most=LONGEST)
    if len(password) < SHORTEST or (classes < 3 and len(password) < LONG_ENOUGH_OF_ONE_CLASS):
        raise WeakPassword
    if len(set(password)) < 5 or login.lower() in password.lower():
        raise WeakPassword(N_("A password repeats neither one character nor the user name."))


def make_password() -> str:
    """A random password without look-alike characters, of three kinds: 4 groups of 4, 89 bits."""
    letters = "".join(set(string.ascii_letters + string.digits) - set("0Oo1Il5S"))
    while True:
        groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
        if any(c.isdigit() for g in groups for c in g) and any(c.isupper() for g in groups for c in g):
            return "-".join(groups)


def _normal(password: str) -> str:
    """One form for what different keyboards send for the same characters, full-width letters included."""
    return unicodedata.normalize("NFKC", password)
