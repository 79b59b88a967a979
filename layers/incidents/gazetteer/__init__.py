"""What is known of a county's addresses, made ready to be asked."""

from layers.incidents.gazetteer.build import Gazetteer as Gazetteer
from layers.incidents.gazetteer.build import build as build
