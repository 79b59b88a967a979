"""What a partition into grids is, and what may be done to it.

Pure: takes and returns frames, geometries and small frozen dataclasses in EPSG:4326 on the lattice of 1e-7
degrees; measures on the ellipsoid; knows no database, no web framework, no settings, no clock, and changes no
frame given to it.
"""
