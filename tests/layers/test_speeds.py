import numpy as np
import pytest

from geo_app.imports.kinds.roads import CLASSES, KNOWN
from layers.errors import ParameterError
from layers.roads.speeds import SPEED_KMH, speed_mps


def test_each_class_that_an_import_makes_has_a_speed():
    assert set(SPEED_KMH) == KNOWN
    assert set(CLASSES.values()) <= set(SPEED_KMH)


def test_speeds_are_metres_a_second():
    assert speed_mps(np.array(["tertiary", "motorway", "tertiary"])).tolist() == [30 / 3.6, 25.0, 30 / 3.6]
    assert speed_mps(np.array(["footway"])) == pytest.approx([1.2])
    assert speed_mps(np.array([], dtype=object)).shape == (0,)


def test_a_greater_road_is_never_slower_and_a_link_is_slower_than_its_street():
    main = ["motorway", "trunk", "primary", "secondary", "tertiary", "residential", "pedestrian", "footway"]
    assert (np.diff(speed_mps(np.array(main))) < 0).all()
    links = [name for name in SPEED_KMH if name.endswith("_link")]
    streets = [name.removesuffix("_link") for name in links]
    assert (speed_mps(np.array(links)) < speed_mps(np.array(streets))).all()


def test_a_county_may_have_speeds_of_its_own_and_a_class_without_one_is_refused():
    assert speed_mps(np.array(["primary"]), {"primary": 36.0}).tolist() == [10.0]
    with pytest.raises(ParameterError, match="ropeway"):
        speed_mps(np.array(["primary", "ropeway"]))
