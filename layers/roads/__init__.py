"""Streets as pieces and as a network."""
