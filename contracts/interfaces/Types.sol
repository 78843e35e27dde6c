// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// What is passed and logged often is packed into words, which halves the gas of calldata and events. What people
// sign is the readable EIP-712 form in libraries/Orders.sol; `Readable*` below is what views return to explorers.

/// What the output of an order is for. The numbers are part of the wire format and never change.
enum Use {
    Private,
    Commercial,
    Broadcast,
    Live
}

/* TERMS: one word, two for each accepted token, one for a list. See libraries/TermsWords.sol */

/// The price of a piece made wholly of the work, for each started 30 seconds, in units of one token.
/// `token` is an ERC-20 contract, or the zero address for the chain's native coin. Indexed by `Use`.
struct TokenPrice {
    address token;
    uint80[4] prices;
}

/// What a licensor permits, and at what price. Versions are never edited; a change is a new version.
struct ReadableTerms {
    bool training; // models may learn from the work
    bool inference; // the work may condition a generation
    bool combinable; // may stand in one order with works of other licensors
    bool approval; // each order needs the licensor's signature
    bool listedOperators; // only operators in `allowRoot`
    bool listedModels; // only models in `allowRoot`
    uint8 uses; // permitted uses at inference, bit i = Use(i)
    uint24 maxWeight; // highest weight in an order, parts per million
    uint24 downstream; // part of later revenue from an output that is the work's, times its share, parts per million
    uint40 validFrom; // seconds since the epoch, inclusive
    uint40 validUntil; // exclusive; 0 = without end
    uint40 sunset; // models that learn from the work may take no new orders from then on; 0 = no such date
    uint72 trainingPrice; // units of prices[0].token for each model version that learns from it; informative
    bytes32 allowRoot; // Merkle root of operators and models, 0 without a list
    TokenPrice[] prices; // at least one where inference is permitted; no token twice
}

/* ORDERS */

/// One work that an order pays, everything about it pinned. First the works in the inference set, by work id strictly
/// rising; then, for each of them that is a recording, its composition.
/// @param pinned price 96 bits | termsVersion 32 | weight 24 | minShare 24 | downstream 24 | through 8, from the lowest.
/// `price` is per started 30 seconds; `weight` parts per million of what is not base, summing to 1,000,000 over the
/// inference set; `minShare` the lowest share that the operator may commit; `through` 0, or for a composition 1 + the
/// place of the recording that it is used through, whose share is paid to both (weight and minShare are then 0).
struct Source {
    bytes32 workId;
    bytes32 splitRoot;
    uint256 pinned;
}

/// The operator's signed offer. Its EIP-712 digest is the order's id.
/// @param makerWord  maker 160 bits | use 8 | duration 32 | drift 24, from the lowest. `duration` in seconds of music;
/// for a live order the longest, and each weight may then move by up to `drift` parts per million (else 0)
/// @param operatorWord  operator 160 | validUntil 40 | deadline 40. Last seconds at which it can be funded, committed
/// @param tokenWord  token 160 | maxBaseShare 24 | nonce 64. The nonce, of the operator's choice, makes equal offers distinct
/// @param amounts  baseRate 96 | operatorFee 96. The rate is per started 30 seconds of a piece that is wholly base
struct Quote {
    uint256 makerWord;
    uint256 operatorWord;
    uint256 tokenWord;
    uint256 amounts;
    bytes32 modelId;
    bytes32 poolRoot; // rights split of the model's training pool
    bytes32 requestDigest; // SHA-256 of the canonical request: key, mode, metre, tempo, ...
    bytes32 seedCommitment; // SHA-256 of the operator's secret
    Source[] sources;
}

/// What is stored of a funded order, as a hash: enough to refund it.
struct Deal {
    bytes32 orderId;
    bytes32 makerSalt;
    address maker;
    uint256 operatorWord; // as in the quote
    address token;
    uint256 escrowed;
}

/// What a source's terms ask for beyond their words; one for each source that asks for anything, in order.
struct Grant {
    bytes32[] operatorProof; // that the operator is listed
    bytes32[] modelProof; // that the model is listed
    bytes approval; // the licensor's signature over this order
}

/// What the operator signs when a generation is finished.
/// @param shares  baseShare 24 bits | share of source i 24 bits at 24 + 24 i | duration 32 bits at 216. Shares in parts
/// per million, in the order of the inference set, sum to 1,000,000. `duration` in seconds; only live orders may be shorter
struct Commit {
    bytes32 recordDigest; // SHA-256 of the attribution record
    bytes32 outputDigest; // SHA-256 of the decoded PCM before a certificate is embedded
    bytes32 evidenceRoot; // SHA-256 of the event ledger
    uint256 shares;
}

/* ROYALTIES */

/// One holder's place in a rights split: a leaf of a Merkle-sum tree.
struct HolderLeaf {
    uint32 index;
    address holder;
    uint32 share; // parts per million of the account
}

/// One holder's place in an epoch of a training pool: a leaf of a Merkle-sum tree.
struct EpochLeaf {
    uint32 index;
    address holder;
    uint128 amount; // units of the epoch's token
}

/// A step of a Merkle-sum proof: the sibling's hash, and its sum doubled, plus 1 where it stands to the left.
struct ProofStep {
    bytes32 hash;
    uint256 side;
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

/* TRAINING */

/// A leaf of a model's manifest: a work that the model learnt from, and the licence that its operator relied on, the low
/// 216 bits of keccak256(abi.encodePacked(splitRoot, words)).
struct ManifestLeaf {
    address registrant;
    bytes32 contentDigest;
    uint256 licence;
}

/// What shows that a leaf is no consent: with version 0 the leaf's own split and words, which do not permit training;
/// else the version of the work that was in force instead.
struct ConsentEvidence {
    uint256 version;
    bytes32 splitRoot;
    bytes32[] words;
}

/// What shows that a leaf is a consent: a version of the work, or with version 0 a collection that it is in.
struct Consent {
    uint256 version;
    bytes32 splitRoot;
    bytes32[] words;
    Anchored anchored;
    bytes32[] operatorProof; // that the model's registrant is listed, where the terms have a list of operators
    bytes32[] modelProof; // that the model is listed
}

/// A work's place in a collection; empty where a version is given.
struct Anchored {
    bytes32 root;
    bytes32 sourceDigest;
    bytes32 metadataDigest;
    bytes32 recordingOf;
    bytes32[] proof;
}

/* CONTESTS */

/// How one contest's hold of an account ends.
struct Release {
    uint128 cap; // of this contest's hold
    uint256 own; // what has come in since it began: it can be awarded no more
    uint256 others; // what has come in since the first of the other contests began: no more stays held
    bytes32 toSplitRoot; // split of the same work that is paid
    uint32 ppm; // part of what this contest holds that is paid, parts per million
}
