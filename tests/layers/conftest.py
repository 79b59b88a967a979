"""Machines differ in speed, and this one may be busy: an example of hypothesis that takes long is no failure."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
