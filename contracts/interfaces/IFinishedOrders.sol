// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Quote, Use} from "./Types.sol";

/// @title What can still happen to a committed order: a wider use, later revenue, an upheld challenge.
interface IFinishedOrders {
    event OrderRaised(bytes32 indexed orderId, address indexed payer, Use from, Use to, uint256 paid);
    /// @param toMaker what was left for the order's maker
    event DownstreamPaid(bytes32 indexed orderId, address indexed payer, uint256 amount, uint256 toMaker);

    /// Uses widen from private to commercial to broadcast; a use that was paid for is never taken back.
    error FinishedOrders_NotWider();
    /// Live orders are priced by what was played: they can neither be raised, nor anything be raised to live.
    error FinishedOrders_LiveUse();
    error FinishedOrders_AmountsCount(uint256 expected, uint256 given);

    /// @notice Raises a committed order to a wider use at its pinned terms: the caller pays each source
    /// floor(new price * units * share / 1,000,000) less the same at the present use's price, where that is more.
    /// @param use the use that the order is paid for now
    /// @param terms the pinned terms of each source, in the same order
    function raiseUse(
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit_,
        Use use,
        Use newUse,
        bytes32[][] calldata terms
    ) external payable returns (uint256 paid);
    /// @notice Splits revenue that an output earned: each source gets floor(amount * share * downstream / 10^12), the
    /// maker the rest. In the order's token. Anybody may pay `amount`; the maker pays only what is not its own part.
    /// @return toMaker the maker's part
    function payDownstream(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use, uint256 amount)
        external
        payable
        returns (uint256 toMaker);
    /// @notice By the dispute desk only: ends a lock on the operator's bond and pays from it, upon a ruling.
    /// @param locked what was locked for the challenge
    /// @param toSources amounts for each source's account, in the order of the quote's sources
    function payFromBond(Quote calldata quote, uint256 locked, uint256[] calldata toSources, uint256 toMaker) external;

    /// @notice Reverts unless the order was committed with this result and is paid for `use`.
    function requireCommitted(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use)
        external
        view
        returns (bytes32 orderId);
}
