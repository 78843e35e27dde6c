// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {Push} from "../libraries/Push.sol";

/// @notice Takes and sends money. See IPayments.
abstract contract Payments is IPayments, ReentrancyGuardTransient {
    mapping(address to => mapping(address token => uint256)) private _owed;

    /// Takes exactly `amount` from `payer`. A token that delivers less than it was told to is refused.
    // Not found payable because the functions that take coin stand in the contracts that build on this one.
    // slither-disable-next-line msg-value-in-nonpayable
    function _collect(address token, address payer, uint256 amount) internal {
        uint256 native = token == address(0) ? amount : 0;
        if (msg.value != native) revert Payments_WrongPayment(native, msg.value);
        if (token == address(0) || amount == 0) return;

        uint256 before = IERC20(token).balanceOf(address(this));
        // Who pays is who sends this, or a maker whose signature over the order was checked.
        // slither-disable-next-line arbitrary-send-erc20
        SafeERC20.safeTransferFrom(IERC20(token), payer, address(this), amount);
        _requireArrived(token, before, amount);
    }

    function _requireArrived(address token, uint256 before, uint256 amount) internal view {
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        if (arrived != amount) revert Payments_WrongPayment(amount, arrived);
    }

    /// Sends `amount`, or owes it to `to` where the transfer fails: a settlement never waits for a receiver.
    function _pay(bytes32 orderId, address token, address to, uint256 amount) internal {
        if (amount != 0 && !Push.bounded(token, to, amount)) {
            _owed[to][token] += amount;
            emit Owed(to, token, amount, orderId);
        }
    }

    /// Sends `amount` or reverts, for a caller who pays for one receiver only.
    function _send(address token, address to, uint256 amount) internal {
        if (!Push.unbounded(token, to, amount)) revert Payments_TransferFailed(to, amount);
    }

    /// @inheritdoc IPayments
    function withdrawOwed(address token, address to) external nonReentrant returns (uint256 amount) {
        amount = _owed[to][token];
        if (amount == 0) revert Payments_NothingOwed(to, token);
        delete _owed[to][token];
        emit OwedWithdrawn(to, token, amount);
        _send(token, to, amount);
    }

    /// @inheritdoc IPayments
    function owed(address to, address token) external view returns (uint256) {
        return _owed[to][token];
    }
}
