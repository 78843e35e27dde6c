// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Quote, Terms} from "./Types.sol";

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

    event OrderFunded(
        bytes32 indexed orderId, address indexed maker, address indexed operator, bytes32 makerSalt, uint256 escrowed, Quote quote
    );
    event OrderCommitted(
        bytes32 indexed orderId,
        bytes32 indexed recordDigest,
        bytes32 indexed outputDigest,
        bytes32 evidenceRoot,
        uint32 baseShare,
        uint32[] shares,
        uint256 operatorFee,
        uint256 refunded
    );
    event OrderRefunded(bytes32 indexed orderId, address indexed maker, uint256 amount);

    error GenerationEscrow_NotMaker(address maker, address caller);
    error GenerationEscrow_BadQuoteSignature(bytes32 orderId, address operator);
    error GenerationEscrow_BadCommitSignature(bytes32 orderId, address operator);
    error GenerationEscrow_QuoteExpired(uint64 validUntil, uint256 timestamp);
    error GenerationEscrow_DeadlineTooEarly(uint64 deadline, uint256 earliest);
    error GenerationEscrow_DeadlinePassed(bytes32 orderId, uint64 deadline);
    error GenerationEscrow_DeadlineNotPassed(bytes32 orderId, uint64 deadline);
    error GenerationEscrow_WrongStatus(bytes32 orderId, Status expected, Status given);
    /// The order was funded with another salt.
    error GenerationEscrow_WrongSalt(bytes32 orderId, bytes32 given);
    error GenerationEscrow_SourceCount(uint256 given);
    error GenerationEscrow_SourcesUnordered();
    error GenerationEscrow_WeightsDoNotSum(uint256 sum);
    error GenerationEscrow_BoundsInvalid();
    error GenerationEscrow_DurationInvalid(uint32 duration);
    error GenerationEscrow_WrongPayment(uint256 expected, uint256 given);
    error GenerationEscrow_SharesDoNotSum(uint256 sum);
    error GenerationEscrow_ShareCount(uint256 expected, uint256 given);
    error GenerationEscrow_BaseShareTooHigh(uint32 baseShare, uint32 maxBaseShare);
    error GenerationEscrow_ShareTooLow(bytes32 workId, uint32 share, uint32 minShare);

    /// @notice Funds an order from its maker. Native coin: send exactly the escrow. ERC-20: approve it first.
    /// @param makerSalt chosen by the maker after seeing the quote's seed commitment, so that neither side chooses the piece
    function fund(Quote calldata quote, bytes calldata operatorSignature, bytes32 makerSalt, Terms[] calldata terms)
        external
        payable
        returns (bytes32 orderId);
    /// @notice Settles. Signed by the order's operator, sent by anybody.
    function commit(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, bytes calldata operatorSignature) external;
    /// @notice Gives the whole escrow back to the maker after the deadline. Anybody may call it.
    function refund(Quote calldata quote, bytes32 makerSalt) external;

    function orderIdOf(Quote calldata quote) external view returns (bytes32);
    function commitDigest(Commit calldata commit_) external view returns (bytes32);
    function escrowOf(Quote calldata quote) external pure returns (uint256);
    function statusOf(bytes32 orderId) external view returns (Status);
    /// @notice The one stored word of an order: 0, the hash of the funded deal, the hash of (deal, result), or 1 when
    /// refunded. The two lowest bits of a hash are replaced by 10 when funded and 11 when committed, so that the word
    /// alone tells the status.
    function orderState(bytes32 orderId) external view returns (bytes32);
}
