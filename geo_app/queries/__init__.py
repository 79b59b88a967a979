"""The only home of SQL: functions take a session and plain values and return rows or frames."""
