"""What can be computed from the data and how it is drawn.

Pure: takes and returns frames, arrays, Shapely geometries and small frozen dataclasses. No web framework, no
database, no settings, no clock, no files but its own; a frame that was given is never changed. Computations take
projected metres and raise on degrees; drawing takes EPSG:4326.
"""
