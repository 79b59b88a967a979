"""The demonstration, for the tests of this folder."""

from tests.mesa import mesa as mesa
from tests.mesa import mesa_app as mesa_app
from tests.mesa import mesa_scope as mesa_scope
from tests.mesa import mesa_settings as mesa_settings
from tests.mesa import mesa_template as mesa_template
from tests.mesa import planner as planner
from tests.mesa import reader as reader
from tests.mesa import stranger as stranger
