"""Where the rooms are put together: settings, urls, the command line."""
