"""Texts in the users' languages. The code carries English; ``python -m geo_app.translations`` brings the rest along."""
