"""Tables, pictures and the HTML report; shows what others computed, computes nothing of its own."""
