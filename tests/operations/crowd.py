"""A large made-up catalogue after a real chain: what a search is measured on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from random import Random

from contrafact.chain_feed import Block, ChainEvent, ChainFeed
from contrafact.domain.digests import sha256
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.domain.works import WorkMetadata
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.source_form import SourceForm
from contrafact.ports import ContentStore

A_BLOCK = 50
PPM = 1_000_000
PEOPLE = tuple(f"0x{letter * 40}" for letter in "123456789")


class Crowd:
    """Implements ChainFeed: the chain behind `feed`, then so many works more, each registered and with terms.

    Titles, metres and keys are those of the pack's tunes, in turn; their documents lie in `store` after `publish`.
    """

    def __init__(self, feed: ChainFeed, works: int, token: str) -> None:
        self.identity, self.first, self.confirmations = feed.identity, feed.first, feed.confirmations
        self._feed, self._works, self._token, self._random = feed, works, token, Random(1)
        self._start = feed.head()
        tunes = load_pack().by_role("catalogue")
        self._documents = [self._document(number, tunes[number % len(tunes)]) for number in range(works)]

    def publish(self, store: ContentStore) -> None:
        """Puts the documents and source forms where whoever indexes finds them."""
        for form in {form for _, form in self._documents}:
            store.put(form)
        for document, _ in self._documents:
            store.put(document.to_bytes())

    def head(self) -> Block:
        return self._made[-1][0]

    def block(self, number: int) -> Block:
        after = number - self._start.number
        return self._feed.block(number) if after <= 0 else self._made[after - 1][0]

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        return [self.block(number) for number in sorted(numbers)]

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        border = self._start.number
        real = list(self._feed.events(first, min(last, border))) if first <= border else []
        made = self._made[max(first - border - 1, 0) : max(last - border, 0)]
        return real + [event for _, events in made for event in events]

    @cached_property
    def _made(self) -> list[tuple[Block, list[ChainEvent]]]:
        found, before = [], self._start
        for start in range(0, self._works, A_BLOCK):
            number = before.number + 1
            before = Block(number, sha256(before.hash), before.hash, before.timestamp + 2)
            told = [pair for work in range(start, min(start + A_BLOCK, self._works)) for pair in self._told(work)]
            events = [
                ChainEvent("Catalogue", name, arguments, number, before.hash, index, f"0x{sha256(before.hash).hex()}")
                for index, (name, arguments) in enumerate(told)
            ]
            found.append((before, events))
        return found

    def _document(self, number: int, tune: PackedTune) -> tuple[WorkMetadata, bytes]:
        form = SourceForm.from_score(tune.score).to_bytes()
        content = sha256(f"file {number}".encode())
        holder = PEOPLE[number % len(PEOPLE)]
        title = f"{tune.title} no. {number}"
        names = (title, f"made/{number}", tune.collection, tune.credits, tune.media_type)
        return WorkMetadata(*names, content, sha256(form), Split.of([(holder, PPM)])), form

    def _told(self, number: int) -> list[tuple[str, dict[str, object]]]:
        document, _ = self._documents[number]
        work, root = sha256(f"work {number}".encode()), document.split.root
        price = self._random.randrange(10_000, 1_000_000)
        prices = TokenPrice(self._token, (price, 2 * price, 3 * price, price))
        terms = Terms(False, True, frozenset(Use), True, PPM, 0, 0, 0, (prices,))
        registered = {
            "workId": work,
            "licensor": PEOPLE[number % len(PEOPLE)],
            "contentDigest": document.content,
            "sourceDigest": document.source_form,
            "metadataDigest": document.digest(),
            "splitRoot": root,
            "recordingOf": bytes(32),
        }
        set_terms = {"workId": work, "version": 1, "splitRoot": root, "words": terms.to_words()}
        return [("WorkRegistered", registered), ("TermsSet", set_terms)]
