"""Use cases that write: each owns its transaction, its audit entry and the job that follows."""
