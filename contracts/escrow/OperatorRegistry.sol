// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IOperatorRegistry} from "../interfaces/IOperatorRegistry.sol";
import {Account} from "../interfaces/Types.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Payments} from "./Payments.sol";
import {RoyaltyAccounts} from "./RoyaltyAccounts.sol";

/// @notice Keeps operators' keys and bonds. See IOperatorRegistry.
abstract contract OperatorRegistry is IOperatorRegistry, RoyaltyAccounts, Payments {
    using Math for uint256;
    using SafeCast for uint256;

    /// Longer than the longest delivery and the window for challenges after it.
    uint256 public constant UNBONDING = 21 days;

    /// One slot each. `locked` is what covers open orders, never above `amount`, and what challenges ask for.
    struct Bond {
        uint128 amount;
        uint128 locked;
    }

    struct Withdrawal {
        uint128 amount;
        uint64 readyAt;
    }

    mapping(address operator => mapping(address token => Bond)) private _bonds;
    mapping(address operator => mapping(address token => Withdrawal)) private _withdrawals;
    mapping(address operator => mapping(address token => uint256)) private _challenged;
    mapping(address operator => address) private _signers;

    /// @inheritdoc IOperatorRegistry
    function registerOperator(address signer, bytes32 metadataDigest) external {
        _signers[msg.sender] = signer;
        emit OperatorRegistered(msg.sender, signer, metadataDigest);
    }

    /* BONDS */

    /// @inheritdoc IOperatorRegistry
    function depositBond(address operator, address token, uint256 amount) external payable nonReentrant {
        if (amount == 0) revert OperatorRegistry_AmountZero();
        _bonds[operator][token].amount += amount.toUint128();
        emit BondDeposited(operator, token, amount);
        _collect(token, msg.sender, amount);
    }

    /// @inheritdoc IOperatorRegistry
    function requestWithdrawal(address token, uint256 amount) external {
        if (amount == 0) revert OperatorRegistry_AmountZero();
        Bond storage bond = _bonds[msg.sender][token];
        uint256 free = _freeOf(bond);
        if (amount > free) revert OperatorRegistry_BondTooLow(msg.sender, token, amount, free);
        bond.amount -= uint128(amount);
        Withdrawal storage withdrawal = _withdrawals[msg.sender][token];
        withdrawal.amount += uint128(amount);
        withdrawal.readyAt = uint64(block.timestamp + UNBONDING);
        emit WithdrawalRequested(msg.sender, token, amount, withdrawal.readyAt);
    }

    /// @inheritdoc IOperatorRegistry
    function withdrawBond(address token) external nonReentrant returns (uint256 amount) {
        Withdrawal memory withdrawal = _withdrawals[msg.sender][token];
        amount = withdrawal.amount;
        if (amount == 0) revert OperatorRegistry_NothingToWithdraw();
        if (block.timestamp < withdrawal.readyAt) revert OperatorRegistry_TooEarly(withdrawal.readyAt);
        delete _withdrawals[msg.sender][token];
        emit BondWithdrawn(msg.sender, token, amount);
        _send(token, msg.sender, amount);
    }

    /// Locks cover for an order.
    function _cover(address operator, address token, uint256 amount) internal {
        Bond storage bond = _bonds[operator][token];
        uint256 free = _freeOf(bond);
        if (amount > free || bond.amount == 0) {
            revert OperatorRegistry_BondTooLow(operator, token, amount, free);
        }
        unchecked {
            bond.locked += uint128(amount);
        }
    }

    /// Ends a lock of `locked`, of which `paid` leaves the bond.
    function _uncover(address operator, address token, uint256 locked, uint256 paid) internal {
        Bond storage bond = _bonds[operator][token];
        (bond.amount, bond.locked) = (bond.amount - uint128(paid), bond.locked - uint128(locked));
    }

    /* CHALLENGES */

    /// @inheritdoc IOperatorRegistry
    function lockBond(address operator, address token, uint256 amount) public onlyDesk {
        Bond storage bond = _bonds[operator][token];
        Withdrawal storage withdrawal = _withdrawals[operator][token];
        uint256 taken = Math.min(amount.saturatingSub(_freeOf(bond)), withdrawal.amount);
        withdrawal.amount -= uint128(taken);
        _challenged[operator][token] += amount;
        (bond.amount, bond.locked) = (bond.amount + uint128(taken), bond.locked + amount.toUint128());
        emit BondLocked(operator, token, amount, taken);
    }

    /// @inheritdoc IOperatorRegistry
    function unlockBond(address operator, address token, uint256 amount) external onlyDesk {
        _endChallenge(operator, token, amount, 0);
    }

    /// @inheritdoc IOperatorRegistry
    function payFine(
        bytes32 reason,
        address operator,
        Account calldata pool,
        uint256 toPool,
        address finder,
        uint256 toFinder
    ) external onlyDesk nonReentrant {
        (address token, uint256 fine) = (pool.token, toPool + toFinder);
        lockBond(operator, token, fine);
        _endChallenge(operator, token, fine, fine);
        emit BondPaid(operator, reason, token, fine);
        _credit(reason, pool.beneficiary, pool.splitRoot, token, toPool);
        _pay(reason, token, finder, toFinder);
    }

    /// Pays `paid` from the bond, at most what was locked for the challenge, and nothing that covers open orders.
    function _endChallenge(address operator, address token, uint256 locked, uint256 paid) internal {
        uint256 most = Math.min(locked, challengeableOf(operator, token));
        if (paid > most) revert OperatorRegistry_MoreThanLocked(paid, most);
        _challenged[operator][token] -= locked;
        _uncover(operator, token, locked, paid);
        emit BondUnlocked(operator, token, locked);
    }

    /// What challenges ask for beyond the bond leaves nothing free.
    function _freeOf(Bond storage bond) private view returns (uint256) {
        return uint256(bond.amount).saturatingSub(bond.locked);
    }

    /* SIGNATURES */

    /// The operator's own key, the key it has named, or a contract that says yes under ERC-1271. Refuses the
    /// malleable form of a signature.
    function _isSignedBy(address operator, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address recovered = Signatures.recover(digest, signature);
        if (recovered != address(0) && (recovered == operator || recovered == _signers[operator])) return true;
        return Signatures.isAccepted(operator, digest, signature);
    }

    /* VIEWS */

    /// @inheritdoc IOperatorRegistry
    function signerOf(address operator) external view returns (address) {
        return _signers[operator];
    }

    /// @inheritdoc IOperatorRegistry
    function bondOf(address operator, address token) external view returns (uint256 amount, uint256 locked) {
        Bond memory bond = _bonds[operator][token];
        return (bond.amount, bond.locked);
    }

    /// @inheritdoc IOperatorRegistry
    function challengeableOf(address operator, address token) public view returns (uint256) {
        Bond memory bond = _bonds[operator][token];
        return bond.amount - (bond.locked - _challenged[operator][token]);
    }

    /// @inheritdoc IOperatorRegistry
    function withdrawalOf(address operator, address token) external view returns (uint256 amount, uint256 readyAt) {
        Withdrawal memory withdrawal = _withdrawals[operator][token];
        return (withdrawal.amount, withdrawal.readyAt);
    }
}
