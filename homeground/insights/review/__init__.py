"""A review without stores: arms × outcomes in, findings, sentences and pages out. The campaign's review and the verb
`homeground review` share it."""
