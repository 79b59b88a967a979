"""Incidents of Mesa as if their addresses had been found: some to a house number, some roughly, some not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo_app.database.engine import Database

# By the number of the incident: every seventh has no place, others are in the middle of something.
FOUND = """
WITH numbered AS (SELECT id, geom, row_number() OVER (ORDER BY id) AS k FROM incident),
  level AS (
    SELECT id, geom, k, (ARRAY['given', 'number', 'crossing', 'place', 'road', 'community', 'none'])[1 + k % 7] AS level
    FROM numbered),
  middle AS (SELECT ST_SetSRID(ST_MakePoint(avg(ST_X(geom)), avg(ST_Y(geom))), 4326) AS geom FROM incident)
UPDATE incident SET match_level = level,
  match_score = CASE level WHEN 'number' THEN 0.93 WHEN 'crossing' THEN 0.9 WHEN 'place' THEN 0.7 WHEN 'road' THEN 0.5
    WHEN 'community' THEN 0.3 END,
  match_how = CASE level WHEN 'number' THEN 'exact' WHEN 'crossing' THEN 'crossing' WHEN 'place' THEN 'place+relation'
    WHEN 'road' THEN 'centre' WHEN 'community' THEN 'centre' END,
  radius_m = CASE level WHEN 'given' THEN 0 WHEN 'number' THEN 25 WHEN 'crossing' THEN 20 WHEN 'place' THEN 80
    WHEN 'road' THEN 250 WHEN 'community' THEN 600 END,
  geom = CASE level WHEN 'community' THEN middle.geom WHEN 'none' THEN NULL ELSE level.geom END
FROM level, middle WHERE level.id = incident.id
"""


@pytest.fixture
def found(mesa: Database) -> Database:
    """The 287 incidents of Mesa, 41 or 42 at each of seven levels; those of the community all stand in its middle."""
    with mesa.owner_session() as owner:
        owner.execute(text(FOUND))
    return mesa
