"""Confirmations: rights holders say that their places in a split are theirs, by a transaction or by a signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Claim
from contrafact.domain.splits import HolderLeaf, Split, account_id
from contrafact.errors import InvalidInput, NotFound
from contrafact.keys import load_key
from contrafact.ledger.signer import Signer
from contrafact.ledger.signing import check_confirmation, sign_confirmation
from contrafact.ports import PlaceStatus
from contrafact.wiring import Site
from contrafact.wiring.access import passphrase, signer

HolderKeys = Annotated[
    list[Path],
    typer.Option(
        "--holder-key",
        metavar="FILE",
        show_default=False,
        help="Key of a rights holder who confirms its place; repeat. Yours is used in any case.",
    ),
]
Signatures = Annotated[
    list[str],
    typer.Option(
        "--confirmation",
        metavar="ADDRESS=SIGNATURE",
        show_default=False,
        help="A holder's signed confirmation; repeat.",
    ),
]
SignOnly = Annotated[bool, typer.Option("--sign", help="Print the signature for others to hand in, and send nothing.")]


def gather(
    site: Site, beneficiary: bytes, split: Split, own: Signer, keys: Sequence[Path], signatures: Sequence[str]
) -> dict[int, bytes]:
    """The confirmations that a document is published with, by place: from keys at hand, and from signatures given.

    Raises InvalidInput for a signature that is not the holder's.
    """
    holders = [own, *(load_key(path, "key_file", passphrase(site.settings, "key_file")) for path in keys)]
    return site.confirmations(beneficiary, split, holders) | _given(site, beneficiary, split, signatures)


def missing(split: Split, confirmations: Iterable[int]) -> str:
    """Whose money will wait, as a sentence; empty where everybody has confirmed."""
    known = set(confirmations)
    holders = dict.fromkeys(leaf.holder for leaf in split.leaves if leaf.index not in known)
    if not holders:
        return ""
    who = output.counted(len(holders), "holder")
    return f"{who} did not confirm yet; their money waits until they do: {', '.join(holders)}"


def known(site: Site, beneficiary: bytes, split: Split, tokens: Sequence[str], signed: Iterable[int]) -> set[int]:
    """The places that hold up no money: confirmed by a published signature, or on the chain in each of the tokens."""
    accounts = [account_id(beneficiary, split.root, token) for token in tokens]

    def on_chain(index: int) -> bool:
        return all(site.reader.place(of, index).status is not PlaceStatus.UNCONFIRMED for of in accounts)

    published = set(signed)
    others = (leaf.index for leaf in split.leaves if leaf.index not in published)
    return published | ({index for index in others if on_chain(index)} if accounts else set())


def confirm(site: Site, beneficiary: bytes, split: Split, tokens: Sequence[str], account: Signer) -> list[Claim]:
    """Confirms all places of `account` in a split from its own key, in each token; returns those that were new."""
    open_ = [claim for token in tokens for claim in _open_claims(site, beneficiary, split, token, account)]
    if open_:
        site.writer(account).confirm(open_, [b""] * len(open_))
    return open_


def sign(site: Site, beneficiary: bytes, split: Split, account: Signer) -> list[dict[str, object]]:
    """The signatures by which `account` confirms its places, which count for every token. Raises NotFound."""
    domain = site.deployment.domain
    return [
        {
            "beneficiary": to_hex(beneficiary),
            "index": leaf.index,
            "holder": leaf.holder,
            "signature": "0x" + sign_confirmation(account, beneficiary, split.root, leaf, domain).hex(),
        }
        for leaf in _places(split, account)
    ]


def command(
    site: Site, beneficiary: bytes, split: Split, tokens: Sequence[str], sign_only: bool, as_json: bool
) -> None:
    """What `works confirm` and `models confirm` do."""
    account = signer(site.settings, "key_file")
    if sign_only:
        rows = sign(site, beneficiary, split, account)
        output.show(rows, as_json, *(f"{row['holder']}={row['signature']}" for row in rows))
        return
    done = confirm(site, beneficiary, split, tokens, account)
    found = [{"beneficiary": to_hex(c.beneficiary), "index": c.leaf.index, "token": c.token} for c in done]
    said = f"Confirmed {output.counted(len(done), 'account')} of {account.address}; payouts reach it from now on."
    output.show(found, as_json, said if done else f"{account.address} had confirmed everything before.")


def _given(site: Site, beneficiary: bytes, split: Split, texts: Sequence[str]) -> dict[int, bytes]:
    found = {}
    for text in texts:
        address, separator, signature = text.partition("=")
        if not separator:
            raise InvalidInput(f"{text!r} has no '='.", "Write ADDRESS=SIGNATURE.")
        holder, signed = site.address(address), options.hex_bytes(signature)
        leaf = next((leaf for leaf in split.leaves if leaf.holder == holder and leaf.index not in found), None)
        if leaf is None:
            raise InvalidInput(f"{holder} has no place in the split.", "Give its share with --holder, too.")
        check_confirmation(signed, beneficiary, split.root, leaf, site.deployment.domain, site.reader.accepts)
        found[leaf.index] = signed
    return found


def _places(split: Split, account: Signer) -> list[HolderLeaf]:
    places = [leaf for leaf in split.leaves if leaf.holder == account.address]
    if not places:
        raise NotFound(f"{account.address} has no place in this split.", "Use the key of a rights holder.")
    return places


def _open_claims(site: Site, beneficiary: bytes, split: Split, token: str, account: Signer) -> list[Claim]:
    """The places of `account` that nobody has confirmed in this token."""
    of, root = account_id(beneficiary, split.root, token), split.root
    places = [
        leaf for leaf in _places(split, account) if site.reader.place(of, leaf.index).status is PlaceStatus.UNCONFIRMED
    ]
    return [Claim(beneficiary, root, token, leaf, split.proof(leaf.index)) for leaf in places]
