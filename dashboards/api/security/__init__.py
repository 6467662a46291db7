"""Who asks, and what they may see: tokens and their roles, login cookies, masking, and headers of answers."""
