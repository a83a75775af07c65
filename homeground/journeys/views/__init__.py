"""Pages: the list and a campaign's page, drafts, the people of a line, the guard's policy."""
