"""The pages of journeys: the list, building, watching, the people inside, the test run."""
