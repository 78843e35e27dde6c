// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// What the output of an order is for. The numbers are part of the wire format and never change.
enum Use {
    Private,
    Commercial,
    Broadcast,
    Live
}

/// The price of a piece made wholly of the work, for each started 30 seconds, in units of one token.
/// `token` is an ERC-20 contract, or the zero address for the chain's native coin. Indexed by `Use`.
struct TokenPrice {
    address token;
    uint128[4] prices;
}

/// What a licensor permits, and at what price. Versions are never edited; a change is a new version.
struct Terms {
    bool training; // models may learn from the work
    bool inference; // the work may condition a generation
    uint8 uses; // permitted uses at inference, bit i = Use(i)
    bool combinable; // may stand in one order with works of other licensors
    uint32 maxWeight; // highest weight in an order, parts per million
    uint64 validFrom; // seconds since the epoch, inclusive
    uint64 validUntil; // exclusive; 0 = without end
    uint128 trainingPrice; // units of prices[0].token for each model version that learns from it; informative
    TokenPrice[] prices; // at least one where inference is permitted; no token twice
}

/// One work in the inference set of an order, everything about it pinned.
struct Source {
    bytes32 workId;
    uint32 termsVersion;
    bytes32 splitRoot; // the work's rights split at the time of the quote
    uint32 weight; // parts per million of what is not base; weights sum to 1,000,000
    uint32 minShare; // lowest share that the operator may commit, parts per million
    uint128 price; // per started 30 seconds, from the pinned terms
}

/// The operator's signed offer. Its EIP-712 digest is the order's id.
struct Quote {
    address maker;
    address operator;
    bytes32 modelId;
    address token;
    Use use;
    uint32 duration; // seconds of music
    bytes32 requestDigest; // SHA-256 of the canonical request: key, mode, metre, tempo, ...
    bytes32 seedCommitment; // SHA-256 of the operator's secret
    uint128 baseRate; // per started 30 seconds of a piece that is wholly base
    uint128 operatorFee;
    uint32 maxBaseShare; // highest base share that may be committed, parts per million
    uint64 validUntil; // last second at which the order can be funded
    uint64 deadline; // last second at which it can be committed; afterwards anybody can refund
    uint256 nonce; // chosen by the operator, makes equal offers distinct
    Source[] sources; // ordered by workId, strictly rising
}

/// What the operator signs when a generation is finished.
struct Commit {
    bytes32 orderId;
    bytes32 recordDigest; // SHA-256 of the attribution record
    bytes32 outputDigest; // SHA-256 of the decoded PCM before a certificate is embedded
    bytes32 evidenceRoot; // SHA-256 of the event ledger
    uint32 baseShare; // parts per million; baseShare + shares = 1,000,000
    uint32[] shares; // in the order of the quote's sources
}

/// One holder's place in a rights split: a leaf of a Merkle-sum tree.
struct HolderLeaf {
    uint32 index;
    address holder;
    uint32 share; // parts per million of the account
}

/// A step of a Merkle-sum proof: the sibling's hash and sum, and on which side it stands.
struct ProofStep {
    bytes32 hash;
    uint32 sum;
    bool left;
}

/// A royalty account: what one (beneficiary, rights split) has received in one token.
/// `beneficiary` is a work id, or a model id for a training pool.
struct Account {
    bytes32 beneficiary;
    bytes32 splitRoot;
    address token;
}

/// A claim of one holder on one account.
struct Claim {
    Account account;
    HolderLeaf leaf;
    ProofStep[] proof;
}
