"""Connections, scope, migrations, and the private cluster."""
