"""Every write to people. Each takes sets; each marks whom it changes for the warehouse in the same transaction."""

from homeground.people.identities import normalise
from homeground.people.services.attributes import AttributeGiven, set_attributes
from homeground.people.services.brand import install_brand, set_brand
from homeground.people.services.consent import ConsentDecision, decide_consent
from homeground.people.services.imports import UpsertedCustomers, upsert_customers
from homeground.people.services.joining import confirm_doubt, keep_apart, merge, unmerge
from homeground.people.services.marks import lock_identities
from homeground.people.services.mirror import bring_in_step, mirror
from homeground.people.services.relation import record_evidence, restage
from homeground.people.services.resolution import find_customers, resolve
from homeground.people.services.sightings import Sighting
from homeground.people.services.sources import say_sources
from homeground.people.services.tags import make_tags, names_in_other_groups, sweep_tags, tag, untag

__all__ = [
    "AttributeGiven", "ConsentDecision", "Sighting", "UpsertedCustomers", "bring_in_step", "confirm_doubt",
    "decide_consent", "find_customers", "install_brand", "keep_apart", "lock_identities", "make_tags", "merge",
    "mirror", "names_in_other_groups", "normalise", "record_evidence", "resolve", "restage", "say_sources",
    "set_attributes", "set_brand", "sweep_tags", "tag", "unmerge", "untag", "upsert_customers",
]  # fmt: skip
