// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {ITrainingPool} from "./interfaces/ITrainingPool.sol";
import {Account, Claim, EpochLeaf, HolderLeaf, ProofStep} from "./interfaces/Types.sol";
import {MerkleSum} from "./libraries/MerkleSum.sol";
import {PPM} from "./libraries/Ppm.sol";
import {Push} from "./libraries/Push.sol";

/// @notice Shares out what models' bases earn. See ITrainingPool.
/// @dev Only `collect` can confirm this contract's place in a pool: it signs nothing, neither by a key nor under ERC-1271.
/// From then on anybody can make the escrow send money here. So what has come in for a model is what the escrow says that
/// the place has drawn, and never more than what is here beyond what is accounted for.
contract TrainingPool is ITrainingPool, ReentrancyGuardTransient, ERC165 {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;

    /// From an epoch's close until what is left of it can be carried.
    uint256 public constant CLAIM_PERIOD = 730 days;

    /// What one model has in one token.
    struct Pot {
        uint128 amount; // in no epoch
        uint128 drawn; // from the escrow, as far as it is accounted for
        uint32 epochs;
    }

    struct Epoch {
        bytes32 root; // zero once it is carried
        uint128 total;
        uint128 left;
        uint64 openUntil;
        BitMaps.BitMap claimed; // by leaf index
    }

    ICatalogue public immutable catalogue;
    IEscrow public immutable escrow;
    /// @inheritdoc ITrainingPool
    bytes32 public immutable poolRoot;

    mapping(bytes32 modelId => mapping(address token => Pot)) private _pots;
    mapping(bytes32 modelId => mapping(address token => mapping(uint256 epoch => Epoch))) private _epochs;
    /// The sum of all pots, and of what is left of all epochs.
    mapping(address token => uint256) private _accounted;

    constructor(ICatalogue catalogue_, IEscrow escrow_) {
        (catalogue, escrow) = (catalogue_, escrow_);
        poolRoot = MerkleSum.leafHash(0, address(this), PPM);
    }

    receive() external payable {
        if (msg.sender != address(escrow)) revert TrainingPool_NotEscrow(msg.sender);
    }

    /* MONEY IN */

    /// @inheritdoc ITrainingPool
    function collect(bytes32 modelId, address token) external nonReentrant returns (uint256 amount) {
        HolderLeaf memory place = HolderLeaf(0, address(this), uint32(PPM));
        Claim memory claim = Claim(Account(modelId, poolRoot, token), place, new ProofStep[](0));
        // What the claim returns is part of what the place has drawn, which is counted below.
        // slither-disable-next-line unused-return
        if (escrow.claimable(claim) != 0) escrow.claim(claim);

        Pot storage pot = _pots[modelId][token];
        uint256 drawn = escrow.placeOf(escrow.accountId(claim.account), 0).drawn;
        amount = Math.min(drawn - pot.drawn, _balance(token) - _accounted[token]);
        // What anybody sends here makes no difference: no more is collected than the place has drawn.
        // slither-disable-next-line incorrect-equality
        if (amount == 0) revert TrainingPool_NothingToCollect(modelId, token);
        pot.drawn = drawn.toUint128();
        pot.amount += amount.toUint128();
        _accounted[token] += amount;
        emit Collected(modelId, token, amount);
    }

    function _balance(address token) private view returns (uint256) {
        return token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
    }

    /* EPOCHS */

    /// @inheritdoc ITrainingPool
    function closeEpoch(bytes32 modelId, address token, bytes32 root, uint256 total, bytes32 evidenceDigest)
        external
        returns (uint256 epoch)
    {
        if (catalogue.registrantOf(modelId) != msg.sender) revert TrainingPool_NotRegistrant(modelId, msg.sender);
        if (root == 0 || evidenceDigest == 0) revert TrainingPool_EmptyDigest();
        Pot storage pot = _pots[modelId][token];
        uint128 inPot = pot.amount;
        if (total == 0 || total > inPot) revert TrainingPool_NotInPot(modelId, token, total, inPot);
        uint128 taken = uint128(total);
        pot.amount = inPot - taken;
        epoch = ++pot.epochs;
        Epoch storage epoch_ = _epochs[modelId][token][epoch];
        uint256 openUntil = block.timestamp + CLAIM_PERIOD;
        (epoch_.root, epoch_.total, epoch_.left, epoch_.openUntil) = (root, taken, taken, uint64(openUntil));
        emit EpochClosed(modelId, token, epoch, root, total, evidenceDigest, openUntil);
    }

    /// @inheritdoc ITrainingPool
    function claimEpoch(
        bytes32 modelId,
        address token,
        uint256 epoch,
        EpochLeaf calldata leaf,
        ProofStep[] calldata proof
    ) external nonReentrant returns (uint256 amount) {
        if (isClaimed(modelId, token, epoch, leaf.index)) revert TrainingPool_AlreadyClaimed(leaf.index);
        return _claim(modelId, token, epoch, leaf, proof);
    }

    /// @inheritdoc ITrainingPool
    function claimEpochs(EpochClaim[] calldata claims) external nonReentrant returns (uint256 paid) {
        for (uint256 i; i < claims.length; ++i) {
            EpochClaim calldata c = claims[i];
            if (isClaimed(c.modelId, c.token, c.epoch, c.leaf.index)) continue;
            _claim(c.modelId, c.token, c.epoch, c.leaf, c.proof);
            ++paid;
        }
    }

    /// A place that was not paid yet.
    function _claim(
        bytes32 modelId,
        address token,
        uint256 epoch,
        EpochLeaf calldata leaf,
        ProofStep[] calldata proof
    ) private returns (uint128 amount) {
        Epoch storage epoch_ = _requireEpoch(modelId, token, epoch);
        if (!MerkleSum.proves(leaf, proof, epoch_.root, epoch_.total)) revert TrainingPool_InvalidProof();
        amount = leaf.amount;
        if (amount == 0) revert TrainingPool_NothingToClaim();
        epoch_.claimed.set(leaf.index);
        // The tree's sum keeps claims within the total; should it not, this fails rather than take from another epoch.
        epoch_.left -= amount;
        _accounted[token] -= amount;
        emit EpochClaimed(modelId, token, epoch, leaf.index, leaf.holder, amount);
        if (!Push.unbounded(token, leaf.holder, amount)) revert IPayments.Payments_TransferFailed(leaf.holder, amount);
    }

    /// @inheritdoc ITrainingPool
    function carry(bytes32 modelId, address token, uint256 epoch) external returns (uint256 amount) {
        Epoch storage epoch_ = _requireEpoch(modelId, token, epoch);
        if (block.timestamp <= epoch_.openUntil) revert TrainingPool_TooEarly(epoch_.openUntil);
        amount = epoch_.left;
        (epoch_.root, epoch_.left) = (0, 0);
        _pots[modelId][token].amount += uint128(amount);
        emit EpochCarried(modelId, token, epoch, amount);
    }

    function _requireEpoch(bytes32 modelId, address token, uint256 epoch) private view returns (Epoch storage epoch_) {
        epoch_ = _epochs[modelId][token][epoch];
        if (epoch_.root == 0) revert TrainingPool_NoEpoch(modelId, token, epoch);
    }

    /* VIEWS */

    /// @inheritdoc ITrainingPool
    function potOf(bytes32 modelId, address token) external view returns (uint256 amount, uint256 epochs) {
        Pot memory pot = _pots[modelId][token];
        return (pot.amount, pot.epochs);
    }

    /// @inheritdoc ITrainingPool
    function epochOf(bytes32 modelId, address token, uint256 epoch)
        external
        view
        returns (bytes32 root, uint256 total, uint256 left, uint256 openUntil)
    {
        Epoch storage epoch_ = _epochs[modelId][token][epoch];
        return (epoch_.root, epoch_.total, epoch_.left, epoch_.openUntil);
    }

    /// @inheritdoc ITrainingPool
    function isClaimed(bytes32 modelId, address token, uint256 epoch, uint32 index) public view returns (bool) {
        return _epochs[modelId][token][epoch].claimed.get(index);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(ITrainingPool).interfaceId || super.supportsInterface(id);
    }
}
