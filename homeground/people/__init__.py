"""Who: the brand, its customers, their identities, merges, attributes, tags, consent and relation stage.

Emits people.customers_merged, people.customers_unmerged, people.consent_given, people.consent_withdrawn,
people.relation_moved. Keeps the warehouse's copy of customers in step.

A merge moves no facts: rows keep the customer id they were written with, and Customer.merged_into says whose they are
now. Readers go through queries.ids_of(); so a merge can be undone.
"""
