"""Every map layer, one file each. A file here with `LAYER = Layer(…)` is in the menu, the API and the tests."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from layers.base import Layer


def _collect() -> Mapping[str, Layer]:
    found = [import_module(f"{__name__}.{module.name}").LAYER for module in pkgutil.iter_modules(__path__)]
    found.sort(key=lambda layer: (layer.order, layer.id))
    return MappingProxyType({layer.id: layer for layer in found})


LAYERS = _collect()
