// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Money that comes in whole or not at all, and goes out whatever the receiver does.
interface IPayments {
    /// Money owed to an address outside of the royalty accounts (a refund, fee or penalty whose transfer failed).
    event Owed(address indexed to, address indexed token, uint256 amount, bytes32 indexed orderId);
    event OwedWithdrawn(address indexed to, address indexed token, uint256 amount);

    error Payments_WrongPayment(uint256 expected, uint256 given);
    error Payments_NothingOwed(address to, address token);
    error Payments_TransferFailed(address to, uint256 amount);
    /// Less gas is left than a bounded transfer needs: send the transaction with more.
    error Payments_GasTooLow(uint256 required);

    /// @notice Sends `to` what is owed to it. Anybody may call it.
    function withdrawOwed(address token, address to) external returns (uint256 amount);
    function owed(address to, address token) external view returns (uint256);
}
