"""What incidents say about places."""
