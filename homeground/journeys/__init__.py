"""To whom and when: campaigns, holdout, guard, touches, and the ledger of people of each campaign."""
