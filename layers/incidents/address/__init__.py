"""Free addresses taken apart: Chinese ones and western blocks, without any list of places but China's counties."""

from layers.incidents.address.alike import normalise as normalise
from layers.incidents.address.parse import parse as parse
from layers.incidents.address.parts import KINDS as KINDS
from layers.incidents.address.parts import Address as Address
from layers.incidents.address.parts import Part as Part
from layers.incidents.address.parts import Relation as Relation
