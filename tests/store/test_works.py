"""Works are found by what their documents and terms say, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event

from contrafact import store
from contrafact.domain.digests import cid
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound
from contrafact.ports import ContentStore
from contrafact.read_model import Page, WorkQuery, WorkRow
from contrafact.store.comparison import differences
from contrafact.store.database import Database
from contrafact.store.describer import FIRST_WAIT, Describer, Music
from contrafact.store.folding import folded
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel

from .fake_chain import FakeChain
from .fake_store import FakeStore
from .story import DOLLAR, PEOPLE

ALL = Page(limit=100)


class Shop:
    """A chain on which twelve works are registered, an index of it, and a store that has their documents."""

    def __init__(self, database: Database) -> None:
        self.database, self.chain = database, FakeChain(4)
        self.chain.story.register(12)
        self.chain.mine(1)
        self.documents = self.chain.story.documents
        self.store, self.now = FakeStore(self.documents), 1_000.0
        self.indexer = Indexer(database, self.chain)
        self.indexer.catch_up()
        self.describer = Describer(database, self.store, self.music_of, clock=lambda: self.now)
        self.read = IndexedReadModel(database)

    def music_of(self, work: WorkMetadata, store: ContentStore) -> Music:
        return ("6/8", "D dorian") if int(work.catalogue_id[1:]) % 2 else ("4/4", "major")

    def described(self) -> Shop:
        while self.describer.step(5):
            pass
        return self

    def found(self, **query: object) -> list[WorkRow]:
        return list(self.read.works(WorkQuery(**query), ALL).rows)  # type: ignore[arg-type]


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


def test_texts_are_folded_alike() -> None:
    assert folded("O'Neill’s  MARCH") == folded("Ó Néill's march") == " o neill s march"
    assert folded("Łódź, Straße 7%_") == " lodz strasse 7"


def test_words_are_found_whatever_their_accents_and_order(shop: Shop) -> None:
    shop.described()
    work = shop.found()[3]
    for text in ("o'neill", "Ó Néill", "MARCH neill", "nei mar", "ｎｅｉｌｌ"):
        assert len(shop.found(text=text)) == 12, text
    assert shop.found(text=work.catalogue_id) == shop.found(text=work.title) == [work]
    assert shop.found(text=f"{work.catalogue_id} trad march") == [work]
    assert shop.found(text="eill") == shop.found(text="nowhere") == shop.found(text="%") == shop.found(text="_") == []
    assert len(shop.found(text="")) == 12


def test_words_that_many_works_have_are_found_as_rare_ones_are(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.described()
    rare = [shop.found(text=text) for text in ("neill", "march t", "eill", "nowhere")]
    monkeypatch.setattr("contrafact.store.folding.RARE", 0)
    assert [shop.found(text=text) for text in ("neill", "march t", "eill", "nowhere")] == rare
    assert [len(rows) for rows in rare] == [12, 12, 0, 0]


def test_works_are_filtered_by_terms_music_and_people(shop: Shop) -> None:
    shop.described()
    everything = shop.found()
    assert [row.metre for row in shop.found(metres=("6/8",))] == ["6/8"] * len(shop.found(key="D dorian")) != []
    assert shop.found(key="dorian") == shop.found(key="D dorian")
    assert {*shop.found(collection="airs"), *shop.found(collection="TUNES")} == set(everything)
    for person in PEOPLE:
        holds = [row for row in everything if row.split and person in {leaf.holder for leaf in row.split.leaves}]
        assert shop.found(holder=person.upper().replace("X", "x")) == holds
        assert shop.found(licensor=person) == [row for row in everything if row.licensor == person]
    for use in range(4):
        fit = [
            row for row in everything if row.current and row.current.terms.inference and use in row.current.terms.uses
        ]
        assert shop.found(use=use) == fit
        cheap = [row for row in fit if row.current.terms.prices[0].prices[use] <= 300_000]  # type: ignore[union-attr]
        assert shop.found(use=use, token=DOLLAR, max_price=300_000) == cheap
    assert shop.found(token=PEOPLE[0]) == []


def test_works_that_may_stand_with_others_are_found_page_by_page_and_an_owner_s_own_beside_its_works(
    shop: Shop,
) -> None:
    free = [row for row in shop.found() if row.current and row.current.terms.combinable]
    alone = next(row for row in shop.found() if row not in free)
    assert shop.found(combinable=True) == free != []
    own = [row for row in shop.found() if row in free or row.licensor == alone.licensor]
    assert shop.found(combinable=True, beside=alone.licensor) == own != free
    first = shop.read.works(WorkQuery(combinable=True), Page(2))
    rest = shop.read.works(WorkQuery(combinable=True), Page(100, first.following))
    assert [*first.rows, *rest.rows] == free


def test_an_index_of_before_learns_from_its_events_which_works_may_be_combined(shop: Shop) -> None:
    first, *others = shop.found(combinable=True)
    place = {"workId": first.work_id, "version": 9, "splitRoot": first.split_root}
    shop.chain.tell(("TermsSet", place | {"words": Terms.opted_out().to_words()}))
    shop.indexer.catch_up()
    _downgrade(shop.database, "0003_web")
    shop.database.migrate()
    assert shop.found(combinable=True) == others != []


def _downgrade(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_contested_barred_and_opted_out_works_are_not_available(shop: Shop) -> None:
    before = shop.found(available=True)
    assert {row.work_id for row in shop.found()} > {row.work_id for row in before} != set()
    contested, barred, *_ = before
    told = [("ContestsChanged", {"workId": contested.work_id, "open": 1}), ("WorkBarred", {"workId": barred.work_id})]
    shop.chain.tell(*told)
    shop.indexer.catch_up()
    assert [row.work_id for row in shop.found(available=True)] == [row.work_id for row in before[2:]]
    assert shop.read.work(contested.work_id).contested
    assert shop.read.work(barred.work_id).barred


def test_pages_follow_one_another_while_works_are_added(shop: Shop) -> None:
    first = shop.read.works(WorkQuery(), Page(limit=5))
    shop.chain.story.register(3)
    shop.chain.mine(1)
    shop.indexer.catch_up()
    second = shop.read.works(WorkQuery(), Page(5, first.following))
    third = shop.read.works(WorkQuery(), Page(5, second.following))
    assert [*first.rows, *second.rows, *third.rows] == shop.found()
    assert len(third.rows) == 5
    assert third.following is None


@pytest.mark.parametrize("after", ["", "x", "WyJ3b3JrcyJd", "bm90IGpzb24", "WyJ3b3JrcyIsIDEsICJ4eSJd"])
def test_cursor_that_is_none_is_refused(shop: Shop, after: str) -> None:
    with pytest.raises(InvalidInput, match="no cursor of this list"):
        shop.read.works(WorkQuery(), Page(5, after))


def test_questions_that_make_no_sense_are_refused(shop: Shop) -> None:
    for query, page in ((WorkQuery(max_price=5), ALL), (WorkQuery(holder="me"), ALL), (WorkQuery(), Page(0))):
        with pytest.raises(InvalidInput):
            shop.read.works(query, page)
    with pytest.raises(NotFound, match="not registered"):
        shop.read.work(bytes(32))


def test_work_whose_document_is_missing_is_listed_and_asked_for_again_later(shop: Shop) -> None:
    shop.store.down = True
    shop.described()
    asked = len(shop.store.asked)
    assert [row.title for row in shop.found()] == [None] * 12
    assert shop.read.status().undescribed == asked == 12
    shop.store.down = False
    assert shop.describer.step() == 0  # its time has not come
    shop.now += FIRST_WAIT
    shop.described()
    assert all(row.title and row.split and row.split.root == row.split_root for row in shop.found())
    assert shop.read.status().undescribed == 0
    assert shop.describer.step() == 0


def test_document_that_is_none_or_is_about_another_file_describes_nothing(database: Database) -> None:
    shop = Shop(database)
    first, second, *_ = shop.documents
    other = WorkMetadata.from_bytes(shop.documents[second])
    shop.store._contents[cid(first)] = b"not a document"
    shop.store._contents[cid(second)] = replace(other, content=bytes(32)).to_bytes()
    shop.described()
    untitled = {row.metadata for row in shop.found() if row.title is None}
    assert untitled == {first, second}
    assert shop.describer.step() == 0


def test_files_that_are_missing_leave_the_music_untold_until_they_come(shop: Shop) -> None:
    calls = 0

    def music_of(work: WorkMetadata, store: ContentStore) -> Music:
        nonlocal calls
        calls += 1
        if calls <= 12:
            raise NotFound("The source form is not there.")
        return "3/4", "G major"

    shop.describer = Describer(shop.database, shop.store, music_of, clock=lambda: shop.now)
    shop.described()
    assert {(bool(row.title), row.metre) for row in shop.found()} == {(True, None)}
    shop.now += FIRST_WAIT
    shop.described()
    assert {(row.metre, row.key) for row in shop.found()} == {("3/4", "G major")}


def test_descriptions_outlive_reorganisations(shop: Shop) -> None:
    shop.described()
    titles = {row.metadata: row.title for row in shop.found()}
    shop.chain.mine(30)
    shop.indexer.catch_up()
    shop.described()
    shop.chain.reorganise(28, then=30)
    shop.indexer.catch_up()
    kept = {row.metadata: row.title for row in shop.found() if row.metadata in titles}
    assert len(kept) > 5
    assert kept.items() <= titles.items()
    assert differences(shop.database, shop.chain) == []


def test_the_beginning_of_an_address_is_looked_up_in_indexes_alone(shop: Shop) -> None:
    engine, asked, address = shop.database.engine, [], shop.found()[0].licensor

    @event.listens_for(engine, "before_cursor_execute")
    def hear(_: object, __: object, statement: str, parameters: tuple[str, ...], *___: object) -> None:
        if "licensor" in statement:
            asked.append((statement, parameters))

    assert address in shop.read.addressed(address[2:10].lower())
    (query,) = asked
    if shop.database.is_sqlite:  # which tells its plans so
        with engine.connect() as connection:
            told = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + query[0], query[1]).scalars("detail").all()
        assert [line for line in told if line.startswith("SEARCH")]
        assert not [line for line in told if line.startswith("SCAN")]
