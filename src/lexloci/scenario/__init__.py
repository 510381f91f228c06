"""What a date, an event or another rulebook changes."""
