"""Commands of the recipes, as lines of a shell. Capitals are placeholders."""

from __future__ import annotations

_QUOTE = "(uint256,uint256,uint256,uint256,bytes32,bytes32,bytes32,bytes32,(bytes32,bytes32,uint256)[])"

FUNDED = (
    f"OrderFunded(bytes32 indexed orderId,address indexed maker,address indexed operator,bytes32 makerSalt,"
    f"uint256 escrowed,{_QUOTE} quote)"
)
COMMITTED = (
    "OrderCommitted(bytes32 indexed orderId,bytes32 indexed recordDigest,bytes32 indexed outputDigest,"
    "bytes32 evidenceRoot,uint256 shares,uint256 refunded)"
)
REFUNDED = "OrderRefunded(bytes32 indexed orderId,address indexed maker,uint256 amount,uint256 penalty)"
RAISED = "OrderRaised(bytes32 indexed orderId,address indexed payer,uint8 from,uint8 to,uint256 paid)"
DOWNSTREAM = "DownstreamPaid(bytes32 indexed orderId,address indexed payer,uint256 amount,uint256 toMaker)"
CREDITED = "Credited(bytes32 indexed accountId,bytes32 indexed orderId,uint256 amount)"
PAID = "Paid(bytes32 indexed accountId,address indexed payee,uint32 index,uint256 amount)"
OPENED = "AccountOpened(bytes32 indexed accountId,bytes32 indexed beneficiary,bytes32 splitRoot,address indexed token)"
BONDED = "BondDeposited(address indexed operator,address indexed token,uint256 amount)"
HELD = "AccountHeld(bytes32 indexed accountId,uint256 from,uint256 cap)"
READDRESSED = "PlaceReaddressed(bytes32 indexed accountId,uint32 indexed index,address indexed payee)"
RECOVERY = "RecoveryStarted(address indexed holder,address indexed successor,uint256 readyAt)"
READDRESSING = (
    "ReaddressingStarted(bytes32 indexed accountId,uint32 indexed index,address indexed payee,uint256 readyAt)"
)
OPERATOR = "OperatorRegistered(address indexed operator,address indexed signer,bytes32 metadataDigest)"
WORK = (
    "WorkRegistered(bytes32 indexed workId,address indexed licensor,bytes32 indexed contentDigest,"
    "bytes32 sourceDigest,bytes32 metadataDigest,bytes32 splitRoot,bytes32 recordingOf)"
)
SPLIT = "SplitChanged(bytes32 indexed workId,bytes32 splitRoot,bytes32 metadataDigest)"
TERMS = "TermsSet(bytes32 indexed workId,uint32 indexed version,bytes32 splitRoot,bytes32[] words)"
CONTESTS = "ContestsChanged(bytes32 indexed workId,uint256 open)"
MODEL = (
    "ModelRegistered(bytes32 indexed modelId,address indexed registrant,bytes32 indexed weightsDigest,"
    "bytes32 manifestRoot,bytes32 poolRoot,bytes32 metadataDigest,uint40 sunset)"
)
RATE = "BaseRateSet(bytes32 indexed modelId,address indexed token,uint96 rate)"
POOL_RULE = "PoolRuleSet(bytes32 indexed modelId,uint8 rule,uint24 ownerCap,bytes32 evidenceDigest)"
COLLECTION = "CollectionAnchored(address indexed licensor,bytes32 indexed root,bytes32 indexed metadataDigest)"
EPOCH = (
    "EpochClosed(bytes32 indexed modelId,address indexed token,uint256 indexed epoch,bytes32 root,uint256 total,"
    "bytes32 evidenceDigest,uint256 openUntil)"
)
CLAIMED = (
    "EpochClaimed(bytes32 indexed modelId,address indexed token,uint256 indexed epoch,uint32 index,address holder,"
    "uint256 amount)"
)

FUND = f"fund({_QUOTE},bytes32[][],(bytes32[],bytes32[],bytes)[],bytes32,bytes)"
COMMIT_CALL = f"commit({_QUOTE},bytes32,(bytes32,bytes32,bytes32,uint256),bytes)"

REPLAY = "$ contrafact replay CID --store STORE"
ORDER_ID = f"orderIdOf({_QUOTE})(bytes32)"
ESCROW_OF = f"escrowOf({_QUOTE})(uint256)"


def call(contract: str, signature: str, *values: str) -> str:
    """A view of a contract at the audited block."""
    words = " ".join((f'$ cast call {contract} "{signature}"', *values))
    return f"{words} --block BLOCK --rpc-url RPC"


def logs(contract: str, event: str, *topics: str) -> str:
    """The events of a contract, up to the audited block, with these indexed arguments."""
    words = " ".join((f'"{event}"', *topics))
    return f"$ cast logs --address {contract} --from-block 0 --to-block BLOCK --rpc-url RPC {words}"


def content(digest: str) -> str:
    """Hashes a content of a folder store again; `cid` is the function that the page of rules begins with."""
    return f"$ sha256sum $(find STORE -name $(cid {digest}))"


def recipe(*lines: str) -> str:
    return "\n".join(lines)
