"""Empty workbooks to be filled, one for each kind: what is filled in is imported without saying what it means."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from geo_app.errors import N_
from geo_app.exports.as_xlsx import MOST_ROWS, NOTES
from geo_app.exports.files import Translate
from geo_app.exports.template_columns import TEMPLATES, Field, heading
from geo_app.pages.data_words import COLUMNS

LONGEST_LIST = 255  # characters of a list that stands in a validation itself
HEADINGS_OF_NOTES = (N_("Column"), N_("What it is"), N_("Must be there"), N_("What may stand in it"), N_("Example"))
NEEDED, OPTIONAL = N_("Must be there."), N_("May be empty.")
CHOICE = N_("One of: %(words)s.")
PROPOSED = N_("For example: %(words)s.")
YES, NO = N_("yes"), N_("no")
ONE_OR_OTHER = N_("Choose one of the words in the list.")


def write(kind: str, path: Path, translate: Translate) -> None:
    """Writes the template of a kind: headings with a comment each, lists of what is allowed, and a sheet that explains
    all of it with an example. Raises KeyError for what is no kind."""
    fields = TEMPLATES[kind]
    with xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@"})
        bold, needed = (
            book.add_format({"bold": True, "bg_color": colour, "border": 1}) for colour in ("#E8EEF4", "#F9E5C7")
        )
        sheet = book.add_worksheet(kind)
        sheet.freeze_panes(1, 0)
        notes = _notes(book, kind, fields, translate)
        for place, field in enumerate(fields):
            # Digits of a code stay digits only where the cell is text before somebody types.
            sheet.set_column(place, place, 18, None if field.is_number else text)
            sheet.write_string(0, place, heading(kind, field.name), needed if field.is_needed else bold)
            sheet.write_comment(0, place, _explained(kind, field, translate), {"x_scale": 2, "author": ""})
            if field.words:
                sheet.data_validation(1, place, MOST_ROWS, place, _validation(field, place, notes, translate))


def _notes(book: xlsxwriter.Workbook, kind: str, fields: tuple[Field, ...], translate: Translate) -> dict[int, str]:
    """Writes the sheet that explains; where it has the lists that are too long for a validation, by column."""
    sheet = book.add_worksheet(NOTES)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, title in enumerate(HEADINGS_OF_NOTES):
        sheet.set_column(place, place, (18, 24, 14, 60, 40)[place])
        sheet.write_string(0, place, translate(title), bold)
    lists: dict[int, str] = {}
    for row, field in enumerate(fields, start=1):
        said = translate(YES if field.is_needed else NO)
        cells = (
            heading(kind, field.name),
            _title(kind, field, translate),
            said,
            _form(field, translate),
            field.example,
        )
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, wrapped)
        if len(",".join(field.words)) > LONGEST_LIST:
            for below, word in enumerate(field.words):
                sheet.write_string(below, len(cells) + 1 + len(lists), word)
            column = xlsxwriter.utility.xl_col_to_name(len(cells) + 1 + len(lists))
            lists[row - 1] = f"='{NOTES}'!${column}$1:${column}${len(field.words)}"
    return lists


def _title(kind: str, field: Field, translate: Translate) -> str:
    return translate(COLUMNS.get(f"{kind}.{field.name}") or COLUMNS[field.name])


def _form(field: Field, translate: Translate) -> str:
    if field.words:
        return translate(PROPOSED if field.open else CHOICE) % {"words": "、".join(field.words)}
    return translate(field.form)


def _explained(kind: str, field: Field, translate: Translate) -> str:
    needed = translate(NEEDED if field.is_needed else OPTIONAL)
    return f"{_title(kind, field, translate)}\n{_form(field, translate)}\n{needed}"


def _validation(field: Field, place: int, lists: dict[int, str], translate: Translate) -> dict[str, object]:
    return {
        "validate": "list",
        "source": lists.get(place, list(field.words)),
        "ignore_blank": True,
        "error_type": "information" if field.open else "stop",
        "error_message": translate(ONE_OR_OTHER),
    }
