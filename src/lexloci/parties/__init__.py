"""Who is this, who owns it, which list has it, on that day."""
