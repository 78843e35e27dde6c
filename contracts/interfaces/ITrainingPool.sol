// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EpochLeaf, ProofStep} from "./Types.sol";

/// @title Training-side royalties of models that learnt from more works than one split holds.
/// @notice A model whose pool is `poolRoot` (this contract as the only holder) pays what its base earns in here: `collect`
/// fetches it into the model's pot for that token. The model's registrant closes a part of the pot as an epoch with the
/// root of a Merkle-sum tree of up to a million holders; each claims its leaf's amount by proof, for at least CLAIM_PERIOD.
/// Then anybody can carry what is left into the model's next epoch.
/// @dev Trees as in rights splits (node hashes, an odd node moves up), but of amounts, whose sum is exactly the epoch's
/// total, and of up to 20 steps. A tree should give each leaf its own index: of those that share one, the first that is
/// claimed is paid, the others are carried.
interface ITrainingPool {
    /// A claim on an epoch.
    struct EpochClaim {
        bytes32 modelId;
        address token;
        uint256 epoch;
        EpochLeaf leaf;
        ProofStep[] proof;
    }

    /// Money of a model has come in.
    event Collected(bytes32 indexed modelId, address indexed token, uint256 amount);
    /// @param evidenceDigest SHA-256 of a document that lists the leaves, and says how they follow from the pool's rule
    /// @param openUntil last second at which nothing can be carried yet
    event EpochClosed(
        bytes32 indexed modelId,
        address indexed token,
        uint256 indexed epoch,
        bytes32 root,
        uint256 total,
        bytes32 evidenceDigest,
        uint256 openUntil
    );
    event EpochClaimed(
        bytes32 indexed modelId,
        address indexed token,
        uint256 indexed epoch,
        uint32 index,
        address holder,
        uint256 amount
    );
    event EpochCarried(bytes32 indexed modelId, address indexed token, uint256 indexed epoch, uint256 amount);

    error TrainingPool_NothingToCollect(bytes32 modelId, address token);
    /// An epoch takes at least one unit, and no more than there is in the pot.
    error TrainingPool_NotInPot(bytes32 modelId, address token, uint256 total, uint256 inPot);
    error TrainingPool_EmptyDigest();
    error TrainingPool_NotRegistrant(bytes32 modelId, address caller);
    /// There is no such epoch, or it was carried.
    error TrainingPool_NoEpoch(bytes32 modelId, address token, uint256 epoch);
    error TrainingPool_InvalidProof();
    error TrainingPool_AlreadyClaimed(uint32 index);
    error TrainingPool_NothingToClaim();
    error TrainingPool_TooEarly(uint256 openUntil);
    /// Coin is taken from the escrow only.
    error TrainingPool_NotEscrow(address caller);

    /// @notice Fetches what a model has earned in a token. Anybody may call it.
    function collect(bytes32 modelId, address token) external returns (uint256 amount);
    /// @notice By the model's registrant: makes `total` of what is in the pot the next epoch, counted from 1. The rest
    /// stays, so that nobody spoils a close by letting more come in before it.
    function closeEpoch(bytes32 modelId, address token, bytes32 root, uint256 total, bytes32 evidenceDigest)
        external
        returns (uint256 epoch);
    /// @notice Sends a holder its amount of an epoch. Anybody may call it. Where the transfer fails it reverts, and can be
    /// tried again.
    function claimEpoch(
        bytes32 modelId,
        address token,
        uint256 epoch,
        EpochLeaf calldata leaf,
        ProofStep[] calldata proof
    ) external returns (uint256 amount);
    /// @notice The same for several models, tokens and epochs at once, all or none, but for what is paid already: that is
    /// left out, so that nobody spoils a batch by claiming one of them before it.
    function claimEpochs(EpochClaim[] calldata claims) external returns (uint256 paid);
    /// @notice Puts what is left of an epoch back into the pot. Anybody may call it, CLAIM_PERIOD after the epoch closed.
    function carry(bytes32 modelId, address token, uint256 epoch) external returns (uint256 amount);

    /// @return the rights split that a model registers so that its pool is here
    function poolRoot() external view returns (bytes32);
    /// @return amount what is in no epoch
    /// @return epochs how many there were
    function potOf(bytes32 modelId, address token) external view returns (uint256 amount, uint256 epochs);
    /// @notice An epoch; its root is 0 where it was carried, or there is none.
    function epochOf(bytes32 modelId, address token, uint256 epoch)
        external
        view
        returns (bytes32 root, uint256 total, uint256 left, uint256 openUntil);
    function isClaimed(bytes32 modelId, address token, uint256 epoch, uint32 index) external view returns (bool);
}
