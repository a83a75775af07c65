"""How a message travels: phone (the sandbox), e-mail, webhook; traced links, receipts, the way to opt out."""
