"""One reader per format. Each takes a path and hands over ``Rows``, or raises FileRejected."""
