"""The language of a page: the user's own, the one chosen in this session, the browser's, the installation's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from babel.support import Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale

from geo_app.config import Settings
from geo_app.security.actor import current_actor
from geo_app.services.users import LANGUAGES

HTML_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
TRANSLATIONS = Path(__file__).parent / "translations"


def install(app: Flask, settings: Settings) -> None:
    """Translates the pages of ``app``; ``_()`` in templates, ``page_language()`` for the html element."""

    def select_locale() -> str:
        if not has_request_context():
            return settings.language
        chosen = current_actor().language or session.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
        return _of_browser() or settings.language

    Babel(app, default_locale=settings.language, locale_selector=select_locale)
    app.jinja_env.globals["page_language"] = lambda: HTML_LANGUAGES.get(str(get_locale()), "zh-Hans")


def translator(language: str) -> Callable[[str], str]:
    """What turns an English message id into the text of a language, for work outside a request."""
    translate: Callable[[str], str] = Translations.load(TRANSLATIONS, [language]).gettext
    return translate


def _of_browser() -> str | None:
    """The first of the browser's languages that there is, whatever the country: en-GB is English."""
    for tag in request.accept_languages.values():
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return None
