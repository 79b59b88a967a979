"""python -m geo_app: the same as geo-app."""

from geo_app.cli import main

main()
