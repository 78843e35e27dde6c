// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {RoyaltyVault} from "./RoyaltyVault.sol";
import {IGenerationEscrow} from "./interfaces/IGenerationEscrow.sol";
import {ILicensing} from "./interfaces/ILicensing.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {Commit, Quote, Source, Terms} from "./interfaces/Types.sol";
import {Orders} from "./libraries/Orders.sol";

/// @notice Holds the money of orders and settles them into royalty accounts. See IGenerationEscrow.
/// @dev One word is stored for each order. Its two lowest bits say the status, the other 254 bits what was agreed:
///   none       0
///   refunded   1
///   funded     deal with the bits 10,                    deal = keccak256(abi.encode(orderId, makerSalt, escrowed))
///   committed  keccak256(abi.encode(deal, result)) with 11, result = keccak256(abi.encode(commit))
contract GenerationEscrow is IGenerationEscrow, RoyaltyVault, EIP712 {
    using Orders for Quote;
    using Orders for Commit;

    /// Time that the operator has at least, from funding to the deadline.
    uint256 public constant MIN_DELIVERY = 5 minutes;

    uint256 private constant TAG_MASK = 3;
    uint256 private constant TAG_REFUNDED = 1;
    uint256 private constant TAG_FUNDED = 2;
    uint256 private constant TAG_COMMITTED = 3;

    ILicensing public immutable licensing;
    IModelRegistry public immutable models;

    mapping(bytes32 orderId => bytes32) private _orders;

    constructor(ILicensing licensing_, IModelRegistry models_) EIP712("Contrafact", "1") {
        licensing = licensing_;
        models = models_;
    }

    /* FUND */

    /// @inheritdoc IGenerationEscrow
    function fund(Quote calldata quote, bytes calldata operatorSignature, bytes32 makerSalt, Terms[] calldata terms)
        external
        payable
        nonReentrant
        returns (bytes32 orderId)
    {
        if (msg.sender != quote.maker) revert GenerationEscrow_NotMaker(quote.maker, msg.sender);
        quote.requireWellFormed();
        _requireTimely(quote);
        orderId = orderIdOf(quote);
        _requireStatus(orderId, Status.None);
        if (!_signed(quote.operator, orderId, operatorSignature)) {
            revert GenerationEscrow_BadQuoteSignature(orderId, quote.operator);
        }
        models.poolSplitRootOf(quote.modelId); // reverts for an unknown model
        licensing.requirePermitted(quote.sources, terms, quote.use, quote.token);

        uint256 escrowed = quote.escrow();
        _orders[orderId] = _tagged(_deal(orderId, makerSalt, escrowed), TAG_FUNDED);
        emit OrderFunded(orderId, quote.maker, quote.operator, makerSalt, escrowed, quote);
        _collect(quote.token, escrowed);
    }

    function _requireTimely(Quote calldata quote) private view {
        if (block.timestamp > quote.validUntil) {
            revert GenerationEscrow_QuoteExpired(quote.validUntil, block.timestamp);
        }
        uint256 earliest = block.timestamp + MIN_DELIVERY;
        if (quote.deadline < earliest) revert GenerationEscrow_DeadlineTooEarly(quote.deadline, earliest);
    }

    /// Takes exactly `amount` from the caller. A token that delivers less than it was told to is refused.
    function _collect(address token, uint256 amount) private {
        uint256 native = token == address(0) ? amount : 0;
        if (msg.value != native) revert GenerationEscrow_WrongPayment(native, msg.value);
        if (token == address(0) || amount == 0) return;

        uint256 before = IERC20(token).balanceOf(address(this));
        SafeERC20.safeTransferFrom(IERC20(token), msg.sender, address(this), amount);
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        if (arrived != amount) revert GenerationEscrow_WrongPayment(amount, arrived);
    }

    /* COMMIT */

    /// @inheritdoc IGenerationEscrow
    function commit(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, bytes calldata operatorSignature)
        external
        nonReentrant
    {
        (bytes32 orderId, uint256 escrowed, bytes32 deal) = _requireFunded(quote, makerSalt);
        if (block.timestamp > quote.deadline) revert GenerationEscrow_DeadlinePassed(orderId, quote.deadline);
        if (commit_.orderId != orderId || !_signed(quote.operator, commitDigest(commit_), operatorSignature)) {
            revert GenerationEscrow_BadCommitSignature(orderId, quote.operator);
        }
        quote.requireWithinBounds(commit_);

        bytes32 result = keccak256(abi.encode(commit_));
        _orders[orderId] = _tagged(keccak256(abi.encode(deal, result)), TAG_COMMITTED);
        _settle(orderId, quote, commit_, escrowed);
    }

    /// Credits sources and pool, pays the operator, and gives the maker everything that is left.
    function _settle(bytes32 orderId, Quote calldata quote, Commit calldata commit_, uint256 escrowed) private {
        uint256 credited = _creditSources(orderId, quote, commit_) + _creditPool(orderId, quote, commit_.baseShare);
        uint256 rest = escrowed - quote.operatorFee - credited;
        emit OrderCommitted(
            orderId,
            commit_.recordDigest,
            commit_.outputDigest,
            commit_.evidenceRoot,
            commit_.baseShare,
            commit_.shares,
            quote.operatorFee,
            rest
        );
        _pay(orderId, quote.token, quote.operator, quote.operatorFee);
        _pay(orderId, quote.token, quote.maker, rest);
    }

    function _creditSources(bytes32 orderId, Quote calldata quote, Commit calldata commit_)
        private
        returns (uint256 credited)
    {
        uint256 units = quote.units();
        address token = quote.token;
        Source[] calldata sources = quote.sources;
        uint32[] calldata shares = commit_.shares;
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            uint256 amount = Orders.part(source.price, units, shares[i]);
            _credit(orderId, source.workId, source.splitRoot, token, amount);
            credited += amount;
        }
    }

    function _creditPool(bytes32 orderId, Quote calldata quote, uint32 baseShare) private returns (uint256 credited) {
        credited = Orders.part(quote.baseRate, quote.units(), baseShare);
        if (credited == 0) return 0;
        // A model's pool split never changes, so reading it now is as good as having pinned it.
        _credit(orderId, quote.modelId, models.poolSplitRootOf(quote.modelId), quote.token, credited);
    }

    /* REFUND */

    /// @inheritdoc IGenerationEscrow
    function refund(Quote calldata quote, bytes32 makerSalt) external nonReentrant {
        (bytes32 orderId, uint256 escrowed,) = _requireFunded(quote, makerSalt);
        if (block.timestamp <= quote.deadline) revert GenerationEscrow_DeadlineNotPassed(orderId, quote.deadline);

        _orders[orderId] = bytes32(TAG_REFUNDED);
        emit OrderRefunded(orderId, quote.maker, escrowed);
        _pay(orderId, quote.token, quote.maker, escrowed);
    }

    /* VIEWS */

    /// @inheritdoc IGenerationEscrow
    function orderIdOf(Quote calldata quote) public view returns (bytes32) {
        return _hashTypedDataV4(quote.structHash());
    }

    /// @inheritdoc IGenerationEscrow
    function commitDigest(Commit calldata commit_) public view returns (bytes32) {
        return _hashTypedDataV4(commit_.structHash());
    }

    /// @inheritdoc IGenerationEscrow
    function escrowOf(Quote calldata quote) external pure returns (uint256) {
        return quote.escrow();
    }

    /// @inheritdoc IGenerationEscrow
    function statusOf(bytes32 orderId) public view returns (Status) {
        uint256 tag = uint256(_orders[orderId]) & TAG_MASK;
        if (tag == TAG_FUNDED) return Status.Funded;
        if (tag == TAG_COMMITTED) return Status.Committed;
        return tag == TAG_REFUNDED ? Status.Refunded : Status.None;
    }

    /// @inheritdoc IGenerationEscrow
    function orderState(bytes32 orderId) external view returns (bytes32) {
        return _orders[orderId];
    }

    /* INTERNALS */

    function _requireFunded(Quote calldata quote, bytes32 makerSalt)
        private
        view
        returns (bytes32 orderId, uint256 escrowed, bytes32 deal)
    {
        orderId = orderIdOf(quote);
        _requireStatus(orderId, Status.Funded);
        escrowed = quote.escrow();
        deal = _deal(orderId, makerSalt, escrowed);
        if (_orders[orderId] != _tagged(deal, TAG_FUNDED)) revert GenerationEscrow_WrongSalt(orderId, makerSalt);
    }

    function _requireStatus(bytes32 orderId, Status expected) private view {
        Status given = statusOf(orderId);
        if (given != expected) revert GenerationEscrow_WrongStatus(orderId, expected, given);
    }

    /// A key, or a contract that says yes under ERC-1271. Refuses the malleable form of a signature.
    function _signed(address signer, bytes32 digest, bytes calldata signature) private view returns (bool) {
        return SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature);
    }

    function _deal(bytes32 orderId, bytes32 makerSalt, uint256 escrowed) private pure returns (bytes32) {
        return keccak256(abi.encode(orderId, makerSalt, escrowed));
    }

    function _tagged(bytes32 hash, uint256 tag) private pure returns (bytes32) {
        return bytes32(uint256(hash) & ~TAG_MASK | tag);
    }
}
