// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Models by the digest of their weights.
/// @notice A model's training pool is a royalty account whose beneficiary is the model id and whose split is
/// `poolRoot`. The model id binds chain, registry, registrant and weights digest, and is no work's id.
interface IModelRegistry {
    /// The price of base, for each started 30 seconds of a piece that is wholly base, in units of one token.
    struct BaseRate {
        address token;
        uint96 rate;
    }

    /// A work that a model learnt from, with the terms that were in force when the model was registered.
    struct TrainingWork {
        address registrant;
        bytes32 contentDigest;
        uint256 version;
        bytes32 splitRoot;
        bytes32[] words;
    }

    /// How the training pool is shared among the works that a model learnt from.
    enum PoolRule {
        Equal,
        Influence
    }

    /// @param ownerCap most of an epoch that goes to the works of one owner, parts per million; 1,000,000 = no cap
    /// @param evidenceDigest SHA-256 of the evaluation that licenses `Influence`; zero where there is none
    struct PoolTerms {
        PoolRule rule;
        uint24 ownerCap;
        bytes32 evidenceDigest;
    }

    /// @param manifestRoot Merkle root of (registrant, content digest, licence) of the works that the model learnt from, see enforceSunset
    /// @param poolRoot rights split of the training pool
    /// @param metadataDigest SHA-256 of the model's metadata document, which tells the pool's split
    /// @param sunset second from which the model takes no new orders, 0 = none
    event ModelRegistered(
        bytes32 indexed modelId,
        address indexed registrant,
        bytes32 indexed weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolRoot,
        bytes32 metadataDigest,
        uint40 sunset
    );
    /// The pool's rule is part of the model, and never changes.
    event PoolRuleSet(bytes32 indexed modelId, PoolRule rule, uint24 ownerCap, bytes32 evidenceDigest);
    event BaseRateSet(bytes32 indexed modelId, address indexed token, uint96 rate);

    /// The terms of `workId`, from which the model learnt, end its orders in `token` at `sunset`.
    event SunsetEnforced(bytes32 indexed modelId, address indexed token, bytes32 indexed workId, uint256 sunset);
    /// The model takes no more orders in `token`: it learnt from a work without consent.
    event ModelStopped(bytes32 indexed modelId, address indexed token, uint256 sunset);

    error ModelRegistry_AlreadyRegistered(bytes32 modelId);
    error ModelRegistry_UnknownModel(bytes32 modelId);
    error ModelRegistry_EmptyDigest();
    /// `Influence` needs evidence, and the cap is 1 to 1,000,000.
    error ModelRegistry_PoolTermsInvalid(PoolRule rule, uint24 ownerCap, bytes32 evidenceDigest);
    error ModelRegistry_SunsetPassed(bytes32 modelId, uint256 sunset);
    error ModelRegistry_NoRates();
    error ModelRegistry_RateGivenTwice(address token);
    /// The manifest does not hold this work.
    error ModelRegistry_NotLearntFrom(bytes32 modelId, address registrant, bytes32 contentDigest);
    /// This version of the work's terms was not the one in force when the model was registered.
    error ModelRegistry_NotInForceThen(bytes32 workId, uint256 version);
    /// The terms named no date, or none before the model's own.
    error ModelRegistry_NoEarlierSunset(bytes32 modelId, uint256 sunset);
    /// The model does not take this token, or the quote names another pool.
    error ModelRegistry_NotOffered(bytes32 modelId, bytes32 poolRoot, address token);
    error ModelRegistry_BaseRateMismatch(bytes32 modelId, uint256 expected, uint256 given);

    /// @notice Registers a model with its rates and its pool's rule, which never change.
    function registerModel(
        bytes32 weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolRoot,
        bytes32 metadataDigest,
        uint40 sunset,
        BaseRate[] calldata rates,
        PoolTerms calldata pool
    ) external returns (bytes32 modelId);
    /// @notice Brings a model's sunset forward to the date that a training work's terms had named when the model was
    /// registered. Anybody may call it, with a proof that the work is in the model's manifest, whose leaves are
    /// keccak256(bytes.concat(keccak256(abi.encode(registrant, contentDigest, licence word >> 40)))) in OpenZeppelin's
    /// sorted pairs: the very consent that the model relied on, so that no other registration or version counts.
    function enforceSunset(
        bytes32 modelId,
        bytes32 poolRoot,
        address token,
        TrainingWork calldata work,
        bytes32[] calldata manifestProof
    ) external;
    /// @notice By the dispute desk only: the model takes no new orders in this token from now on. Nothing happens where its
    /// sunset has passed.
    function stopModel(bytes32 modelId, bytes32 poolRoot, address token) external;
    function modelIdOf(address registrant, bytes32 weightsDigest) external view returns (bytes32);
    /// @dev Reverts with `ModelRegistry_UnknownModel` for an unknown id.
    function registrantOf(bytes32 modelId) external view returns (address);
    /// @return offered whether orders with this model, pool and token are taken
    function baseRateOf(bytes32 modelId, bytes32 poolRoot, address token)
        external
        view
        returns (bool offered, uint256 rate, uint256 sunset);
}
