"""Papers: what is signed, filed and shown to inspectors, as PDF pages and workbooks out of frames and plain values."""

from geo_app.papers.record import Impact as Impact
from geo_app.papers.record import RecordOfChange as RecordOfChange
from geo_app.papers.record import Review as Review
from geo_app.papers.record import record as record
