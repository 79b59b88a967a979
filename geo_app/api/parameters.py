"""Strict reading of what a request brings: nothing unknown, nothing twice, nothing unseen, numbers written as digits."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_origin

from flask import request
from flask_babel import gettext
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo_app.errors import N_, BadInput, TagNeeded

LONGEST_LIST = 500
ID_PATTERN = r"^[1-9][0-9]{0,17}$"
Model = TypeVar("Model", bound=BaseModel)
# Fields that people fill in, as their pages call them: so a refusal says which one it means.
FIELDS: Mapping[str, str] = {
    "approved_on": N_("Approved on"),
    "comment": N_("Comment"),
    "document_number": N_("Document number"),
    "effective_on": N_("Effective from"),
    "name": N_("Name"),
    "reason": N_("Reason"),
    "surveyed_on": N_("Surveyed on"),
    "telephone": N_("Telephone"),
    "title": N_("Title"),
}


class Parameters(BaseModel):
    """Parameters of a request; an unknown one is an error, so that a misspelt filter never means everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _digits(value: Any) -> Any:
    # int() would also take "1_0", " 10" and digits of other scripts.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    raise ValueError("a whole number, written in digits, is needed")


CountyCode = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,64}$", description="Code of the county, for example 340523.")
]
Limit = Annotated[
    int,
    Field(ge=1, description=f"At most this many; more than {LONGEST_LIST} means {LONGEST_LIST}."),
    BeforeValidator(_digits),
    AfterValidator(lambda limit: min(limit, LONGEST_LIST)),
]


class OfCounty(Parameters):
    """What is asked of a county."""

    county: CountyCode


def query(model: type[Model]) -> Model:
    """The request's query; what the model calls a tuple may be repeated. Raises BadInput, which names what is wrong."""
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}
    doubled = sorted(name for name, values in request.args.lists() if len(values) > 1 and name not in lists)
    if doubled:
        raise BadInput(N_("Given more than once: %(names)s."), names=_shown(doubled))
    given = {name: values if name in lists else values[0] for name, values in request.args.lists()}
    return validated(model, given)


def body(model: type[Model]) -> Model:
    """The request's JSON object. Raises BadInput; JSON that calls itself something else is not read."""
    if request.mimetype != "application/json":
        raise BadInput(N_("Send JSON with the content type application/json."))
    try:
        given = _seen(json.loads(request.get_data(cache=False), object_pairs_hook=_once))
    except (ValueError, RecursionError) as error:
        raise BadInput(N_("The body is no JSON object with each name once.")) from error
    if not isinstance(given, dict):
        raise BadInput(N_("The body is no JSON object with each name once."))
    return validated(model, given)


def _seen(value: Any) -> Any:
    """The same without characters that nobody sees: a name made of them would be none, and some turn a line around."""
    if isinstance(value, str):
        return value if value.isascii() else "".join(one for one in value if unicodedata.category(one) != "Cf")
    if isinstance(value, list):
        return [_seen(one) for one in value]
    return {name: _seen(one) for name, one in value.items()} if isinstance(value, dict) else value


def row_id(text: str) -> int:
    """The id in an address. Raises NotFound for what can be no id: it looks like one that is absent."""
    from geo_app.errors import NotFound

    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 18):
        raise NotFound()
    return int(text)


def tag_asked() -> str:
    """The tag of If-Match; one, and no star, which would match whatever is there. Raises TagNeeded."""
    given = request.if_match.as_set(include_weak=True)
    if len(given) != 1:
        raise TagNeeded()
    return next(iter(given))


def validated(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values as the model reads them. Raises BadInput, which names what is unknown, missing or out of range."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        names = sorted({str(part["loc"][0]) if part["loc"] else "" for part in error.errors()})
        raise BadInput(N_("Unknown, missing or out of range: %(names)s."), names=_shown(names)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _shown(names: list[str]) -> str:
    return ", ".join(f"{gettext(FIELDS[name])} ({name})" if name in FIELDS else name[:40] for name in names[:5])
