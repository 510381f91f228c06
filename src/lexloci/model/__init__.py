"""What exists: the words of the field as frozen values, with no input or output."""
