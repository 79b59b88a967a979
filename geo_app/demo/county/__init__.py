"""示范县: an invented county inside the outline of a real one. Nothing in it happened to anybody."""
