"""What every reader needs, loaded once by the server that their processes are made of."""
