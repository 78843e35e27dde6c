// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Deal, Grant, Quote} from "./Types.sol";

/// @title Orders: Funded -> Committed | Refunded.
/// @notice units = ceil(duration / 30). Escrow = max(dearest source price, base rate) * units + operator fee.
/// At commit each source's account is credited floor(price * units * share / 1,000,000), the model's pool
/// floor(base rate * units * base share / 1,000,000), the operator its fee, and the rest goes back to the maker.
interface IGenerationEscrow {
    enum Status {
        None,
        Funded,
        Committed,
        Refunded
    }

    /// An ERC-2612 permit of the maker for the escrow's amount.
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    event OrderFunded(
        bytes32 indexed orderId, address indexed maker, address indexed operator, bytes32 makerSalt, uint256 escrowed, Quote quote
    );
    /// @param shares as in `Commit`
    event OrderCommitted(
        bytes32 indexed orderId,
        bytes32 indexed recordDigest,
        bytes32 indexed outputDigest,
        bytes32 evidenceRoot,
        uint256 shares,
        uint256 refunded
    );
    /// @param penalty what the maker gets beyond its escrow, from the operator's bond
    event OrderRefunded(bytes32 indexed orderId, address indexed maker, uint256 amount, uint256 penalty);

    error GenerationEscrow_NotMaker(address maker, address caller);
    error GenerationEscrow_BadQuoteSignature(bytes32 orderId, address operator);
    error GenerationEscrow_BadOrderSignature(bytes32 orderId, address maker);
    error GenerationEscrow_BadCommitSignature(bytes32 orderId, address operator);
    error GenerationEscrow_QuoteExpired(uint256 validUntil, uint256 timestamp);
    error GenerationEscrow_DeadlineTooEarly(uint256 deadline, uint256 earliest);
    error GenerationEscrow_DeadlineTooLate(uint256 deadline, uint256 latest);
    error GenerationEscrow_DeadlinePassed(bytes32 orderId, uint256 deadline);
    error GenerationEscrow_DeadlineNotPassed(bytes32 orderId, uint256 deadline);
    error GenerationEscrow_WrongStatus(bytes32 orderId, Status expected, Status given);
    /// The order was funded with another salt, or its deal is told differently.
    error GenerationEscrow_WrongDeal(bytes32 orderId);
    /// The order was committed with another result, or is paid for another use.
    error GenerationEscrow_WrongResult(bytes32 orderId);

    /// @notice Funds an order from its maker. Native coin: send exactly the escrow. ERC-20: approve it first.
    /// @param terms the pinned terms of each source, in the same order
    /// @param grants one for each source whose terms ask for a list or an approval, in the same order
    /// @param makerSalt chosen by the maker after seeing the quote's seed commitment, so that neither side chooses the piece
    function fund(
        Quote calldata quote,
        bytes32[][] calldata terms,
        Grant[] calldata grants,
        bytes32 makerSalt,
        bytes calldata operatorSignature
    ) external payable returns (bytes32 orderId);
    /// @notice The same, sent by anybody with the maker's signature over the order. The maker pays: by a permit,
    /// or, where its `deadline` is 0, by an allowance that is there. ERC-20 only.
    function fundFor(
        Quote calldata quote,
        bytes32[][] calldata terms,
        Grant[] calldata grants,
        bytes32 makerSalt,
        bytes calldata operatorSignature,
        bytes calldata makerSignature,
        Permit calldata permit
    ) external returns (bytes32 orderId);
    /// @notice The same with one signature of the maker, for tokens with ERC-3009: a `receiveWithAuthorization` of the
    /// escrowed amount to this contract, valid from 0 until the quote's `validUntil` + 1, whose nonce is
    /// `authorizationNonce(orderId, makerSalt)`, so that it pays this order only.
    function fundWithAuthorization(
        Quote calldata quote,
        bytes32[][] calldata terms,
        Grant[] calldata grants,
        bytes32 makerSalt,
        bytes calldata operatorSignature,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 orderId);
    /// @notice Settles. Signed by the order's operator, sent by anybody.
    function commit(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, bytes calldata operatorSignature) external;
    /// @notice Gives the whole escrow back to the maker after the deadline, with a part of the operator's bond.
    /// Anybody may call it; the event of the funding tells the deal.
    function refund(Deal calldata deal) external;

    /// @notice Stops new orders, and nothing else. By the guardian role.
    function pause() external;
    function unpause() external;

    function orderIdOf(Quote calldata quote) external view returns (bytes32);
    function authorizationNonce(bytes32 orderId, bytes32 makerSalt) external pure returns (bytes32);
    function commitDigest(Quote calldata quote, Commit calldata commit_) external view returns (bytes32);
    function escrowOf(Quote calldata quote) external pure returns (uint256);
    function statusOf(bytes32 orderId) external view returns (Status);
    /// @notice The one stored word of an order: 0, the hash of the funded deal, the hash of (deal, result, use), or 1 when
    /// refunded. The two lowest bits of a hash are replaced by 10 when funded and 11 when committed, so that the word
    /// alone tells the status.
    function orderState(bytes32 orderId) external view returns (bytes32);
}
