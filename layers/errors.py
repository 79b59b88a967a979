"""Errors of this package: one base, a stable code each."""


class LayerError(Exception):
    """What was given cannot be computed or drawn. `code` is stable, the text is for people."""

    code = "layer"


class FrameError(LayerError):
    """A frame lacks columns or has geometries of the wrong kind."""

    code = "layer_frame"


class CoordinateError(LayerError):
    """A frame has no coordinate system, or the wrong kind of one."""

    code = "layer_coordinates"


class ParameterError(LayerError):
    """A number is out of its range."""

    code = "layer_parameter"


class NoPathError(LayerError):
    """Two places of a network are not connected."""

    code = "layer_no_path"


class AssetError(LayerError):
    """A map asks for a script or style sheet that nobody mapped to a local address."""

    code = "layer_asset"
