"""Documents of the service's audit of its own ledger. Nobody has to believe them: everybody can audit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Schema, Time, Units

VerdictName = Literal["ok", "failed", "incomplete"]


class AuditFinding(Schema):
    """Something that does not hold (`error`), or that is to be looked at; `by_hand` is how to see it oneself."""

    rule: str = Field(examples=["money.conserved"])
    means: str = Field(examples=["All money that came in is accounted for"])
    severity: Literal["error", "warning"] = Field(examples=["error"])
    kind: str = Field(examples=["order"])
    id: str = Field(examples=["0x" + "3f" * 32])
    message: str = Field(examples=["The order was settled by other shares than the record has."])
    missing: str | None = Field(examples=[None])
    advice: str = Field(examples=["Ask another copy of the content store before you accuse anybody."])
    evidence: dict[str, str] = Field(examples=[{"record": "0x3f"}])
    by_hand: str = Field(examples=["$ cast call ESCROW 'statusOf(bytes32)' ORDER --rpc-url RPC"])


class AuditGap(Schema):
    """A check that could not be done, of `count` subjects, for the same reason; the first of their ids."""

    rule: str = Field(examples=["record.published"])
    means: str = Field(examples=["The record is in the content store"])
    reason: str = Field(examples=["It is protected, and no key was given."])
    kind: str = Field(examples=["order"])
    count: int = Field(examples=[1])
    ids: list[str] = Field(examples=[["0x3f"]])


class AuditRule(Schema):
    """How often a rule was checked, was found not to hold, and was not checked."""

    rule: str = Field(examples=["order.signed"])
    means: str = Field(examples=["The operator signed the quote"])
    done: int = Field(examples=[12])
    findings: int = Field(examples=[0])
    not_checked: int = Field(examples=[0])


class AuditRules(Schema):
    heading: str = Field(examples=["Orders"])
    rules: list[AuditRule]


class AuditMoneyRow(Schema):
    name: str = Field(examples=["Out: to rights holders"])
    units: Units
    text: str = Field(examples=["1.25 USD"])


class AuditMoney(Schema):
    """The money of all orders in one token."""

    token: Address
    orders: int = Field(examples=[3])
    rows: list[AuditMoneyRow]


class OwnAudit(Schema):
    """The newest report. `checks` were done; `findings` are the first hundred; `trust` is what all of it rests on."""

    verdict: VerdictName = Field(examples=["ok"])
    headline: str = Field(examples=["Everything holds"])
    sentence: str = Field(examples=["Makers paid in 1.25 USD for 3 orders, and every unit of it went where it should."])
    beside: list[str] = Field(examples=[["Replayed 0 of 3 delivered orders."]])
    chain_id: int = Field(examples=[1])
    block: int = Field(examples=[120])
    scope: dict[str, int] = Field(examples=[{"works": 56, "orders": 3}])
    checks: int = Field(examples=[1320])
    failed: int = Field(examples=[0])
    warnings: int = Field(examples=[0])
    not_done: int = Field(examples=[0])
    findings: list[AuditFinding]
    gaps: list[AuditGap]
    excused: list[AuditGap]
    money: list[AuditMoney]
    rules: list[AuditRules]
    trust: list[tuple[str, str]] = Field(examples=[[["Chain", "1, up to block 120"]]])
    finished_at: Time
    seconds: float = Field(examples=[9.5])
    replays: str = Field(examples=["none"])


class OrderGap(Schema):
    """A check of the order that could not be done; `excused` where nobody could, and the contracts did."""

    rule: str = Field(examples=["record.published"])
    means: str = Field(examples=["The record is in the content store"])
    reason: str = Field(examples=["It is protected, and no key was given."])
    excused: bool


class OrderAudit(Schema):
    """What that audit said of one order, as of `block`; `replay` is how generating it again went, or why it was not."""

    order: Digest
    verdict: VerdictName = Field(examples=["ok"])
    replay: str = Field(examples=["identical"])
    block: int = Field(examples=[120])
    findings: list[AuditFinding]
    not_checked: list[OrderGap]
