"""Pages across rooms: sign-in, home with the five links of the loop, search, users and their roles."""
