// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPayments} from "../interfaces/IPayments.sol";

/// @title Sending money to an address that may be hostile.
/// @notice A transfer returns whether it worked and never reverts. Success of a token's transfer is judged as
/// SafeERC20 does (`true`, or nothing from an address with code); that library is not used here because it
/// forwards all gas, and a receiver could burn it. Returned data beyond one word is never copied.
library Push {
    /// Enough for a smart wallet and for common tokens; a batch of 100 receivers that burn it fits in a transaction.
    uint256 internal constant GAS_LIMIT = 100_000;
    /// Gas that must be left before a bounded push, so that its caller cannot make it fail by sending too little:
    /// the limit over 63/64, the dearest call (value, cold, new account), and what the library itself needs.
    uint256 internal constant GAS_REQUIRED = 150_000;

    /// Pushes with bounded gas. Reverts where less than GAS_REQUIRED is left.
    function bounded(address token, address to, uint256 amount) internal returns (bool ok) {
        if (gasleft() < GAS_REQUIRED) revert IPayments.Payments_GasTooLow(GAS_REQUIRED);
        return _push(token, to, amount, GAS_LIMIT);
    }

    /// Pushes with all gas that is left, for a caller who pays for one receiver only.
    function unbounded(address token, address to, uint256 amount) internal returns (bool ok) {
        return _push(token, to, amount, gasleft());
    }

    /// Money for nobody, or for the contract itself, would be lost: it is not sent.
    function _push(address token, address to, uint256 amount, uint256 gasLimit) private returns (bool ok) {
        if (to == address(0) || to == address(this)) return false;
        if (token == address(0)) {
            assembly ("memory-safe") {
                ok := call(gasLimit, to, amount, 0, 0, 0, 0)
            }
        } else {
            bytes memory data = abi.encodeCall(IERC20.transfer, (to, amount));
            assembly ("memory-safe") {
                let success := call(gasLimit, token, 0, add(data, 0x20), mload(data), 0, 0x20)
                let returnedTrue := and(gt(returndatasize(), 0x1f), eq(mload(0), 1))
                let returnedNothing := and(iszero(returndatasize()), gt(extcodesize(token), 0))
                ok := and(success, or(returnedTrue, returnedNothing))
            }
        }
    }
}
