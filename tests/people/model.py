"""Identity resolution as plainly as it can be said: one sighting after another, union-find, no sets."""

from homeground.people.identities import STRENGTH, STRONG

Identity = tuple[str, str]


class World:
    """Persons are lists of identities; the older person is the one made first."""

    def __init__(self) -> None:
        self.person_of: dict[Identity, int] = {}
        self.into: dict[int, int] = {}
        self.made = 0
        self.doubts: set[tuple[int, int]] = set()

    def see(self, *identities: Identity) -> int:
        strongest_first = sorted(dict.fromkeys(identities), key=lambda identity: STRENGTH[identity[0]])
        anchor = self._anchor(strongest_first)
        for identity in strongest_first:
            if identity in self.person_of:
                self._join(anchor, self.person_of[identity])
            elif self._fits(identity, anchor):
                self.person_of[identity] = anchor
            else:
                self._join(anchor, self._make(identity))
        return self.root(self.person_of[strongest_first[0]])

    def root(self, person: int) -> int:
        return self.root(self.into[person]) if person in self.into else person

    def _anchor(self, identities: list[Identity]) -> int:
        strongest = identities[0]
        if strongest in self.person_of:
            return self.person_of[strongest]
        for identity in identities[1:]:
            if identity in self.person_of and self._fits(strongest, self.person_of[identity]):
                self.person_of[strongest] = self.person_of[identity]
                return self.person_of[identity]
        return self._make(strongest)

    def _make(self, identity: Identity) -> int:
        self.made += 1
        self.person_of[identity] = self.made
        return self.made

    def _kinds(self, person: int) -> set[str]:
        root = self.root(person)
        return {kind for (kind, _), owner in self.person_of.items() if self.root(owner) == root and kind in STRONG}

    def _fits(self, identity: Identity, person: int) -> bool:
        return identity[0] not in self._kinds(person)

    def _join(self, one: int, other: int) -> None:
        elder, younger = sorted((self.root(one), self.root(other)))
        if elder == younger:
            return
        if self._kinds(elder) & self._kinds(younger):
            self.doubts.add((elder, younger))
        else:
            self.into[younger] = elder
