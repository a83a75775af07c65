"""The few persons whose evidence clashes, settled sighting by sighting: join where nothing clashes, else doubt."""

from homeground.people.identities import STRONG
from homeground.people.services.sightings import Known, Sightings, Standing


class Contest:
    """Who owns what, from sighting to sighting. Newcomers are negative, numbered after those made before."""

    def __init__(self, sightings: Sightings, known: Known, standing: Standing, made: int) -> None:
        self.sightings, self.known, self.made = sightings, known, made
        self.strong = {root: set(kinds) for root, kinds in standing.strong.items()}
        self.apart = standing.apart
        self.parent: dict[int, int] = {}
        self.leaf: dict[int, int] = {}
        self.newcomers: list[int] = []
        self.merges: list[tuple[int, int, int]] = []
        self.doubts: list[tuple[int, int, int]] = []

    def see(self, place: int) -> None:
        """Take one sighting in: place its unknown identities, then join all whom it names, or doubt."""
        codes = list(dict.fromkeys(self.sightings.links_of(place).tolist()))
        anchor = int(self.known.stated[place]) or self._anchor(codes, place)
        for code in codes:
            if owner := self._owner(code):
                self._join(anchor, owner, place)
            elif self._fits(code, anchor) or self.sightings.all[place].is_alias:
                self._give(code, anchor)
            else:
                self._join(anchor, self._newcomer(code, place), place)

    def _anchor(self, codes: list[int], place: int) -> int:
        """The customer of the strongest identity; an unknown one is given to the best known person it fits."""
        strongest = codes[0]
        if owner := self._owner(strongest):
            return owner
        for code in codes[1:]:
            if (owner := self._owner(code)) and self._fits(strongest, owner):
                self._give(strongest, owner)
                return owner
        return self._newcomer(strongest, place)

    def _join(self, one: int, other: int, place: int) -> None:
        elder, younger = sorted((self._root(one), self._root(other)), key=_age)
        if elder == younger or self._is_kept_apart(elder, younger):
            return
        if self._kinds(elder) & self._kinds(younger) and not self.sightings.all[place].is_alias:
            self.doubts.append((elder, younger, place))
            return
        self.parent[younger] = elder
        self.strong[elder] = self._kinds(elder) | self._kinds(younger)
        self.merges.append((elder, younger, place))

    def _owner(self, code: int) -> int:
        return self.leaf.get(code) or int(self.known.leaf[code])

    def _give(self, code: int, customer: int) -> None:
        self.leaf[code] = customer
        if self.sightings.kinds[code] in STRONG:
            self.strong.setdefault(self._root(customer), set()).add(self.sightings.kinds[code])

    def _newcomer(self, code: int, place: int) -> int:
        self.newcomers.append(place)
        newcomer = -(self.made + len(self.newcomers))
        self._give(code, newcomer)
        return newcomer

    def _fits(self, code: int, customer: int) -> bool:
        return self.sightings.kinds[code] not in self._kinds(self._root(customer))

    def _kinds(self, root: int) -> set[str]:
        return self.strong.get(root, set())

    def _root(self, customer: int) -> int:
        root = self._stored_root(customer)
        while root in self.parent:
            root = self.parent[root]
        return root

    def _stored_root(self, customer: int) -> int:
        return self.known.root_of.get(customer, customer)

    def _is_kept_apart(self, one: int, other: int) -> bool:
        return any({self._root(a), self._root(b)} == {one, other} for a, b in self.apart)


def _age(customer: int) -> tuple[bool, int]:
    return customer < 0, abs(customer)
