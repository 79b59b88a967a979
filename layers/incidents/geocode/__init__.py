"""Addresses become points, by a gazetteer and nothing else; and points addresses."""

from layers.incidents.geocode.answer import LEVELS as LEVELS
from layers.incidents.geocode.answer import Answer as Answer
from layers.incidents.geocode.answer import Candidate as Candidate
from layers.incidents.geocode.choose import geocode as geocode
from layers.incidents.geocode.here import Here as Here
from layers.incidents.geocode.here import reverse as reverse
