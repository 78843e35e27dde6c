// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {FinishedOrders} from "./escrow/FinishedOrders.sol";
import {RoyaltyAccounts} from "./escrow/RoyaltyAccounts.sol";
import {RoyaltyVault} from "./escrow/RoyaltyVault.sol";
import {ICatalogue} from "./interfaces/ICatalogue.sol";
import {IFinishedOrders} from "./interfaces/IFinishedOrders.sol";
import {IGenerationEscrow} from "./interfaces/IGenerationEscrow.sol";
import {ILicensing} from "./interfaces/ILicensing.sol";
import {IOperatorRegistry} from "./interfaces/IOperatorRegistry.sol";
import {IOrderErrors} from "./interfaces/IOrderErrors.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";
import {Commit, Deal, Grant, Quote, Source} from "./interfaces/Types.sol";
import {addressIn} from "./libraries/Bits.sol";
import {OrderTypes} from "./libraries/OrderTypes.sol";
import {Orders} from "./libraries/Orders.sol";
import {PPM} from "./libraries/Ppm.sol";
import {QuoteWords} from "./libraries/QuoteWords.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @notice Holds the money of orders and settles them into royalty accounts. See IGenerationEscrow.
contract GenerationEscrow is IOrderErrors, FinishedOrders, AccessManaged, Pausable, ERC165 {
    using Orders for Quote;
    using QuoteWords for Quote;
    using QuoteWords for Source;
    using QuoteWords for Commit;

    /// Time that the operator has from funding to the deadline: at least, at most.
    uint256 public constant MIN_DELIVERY = 5 minutes;
    uint256 public constant MAX_DELIVERY = 7 days;
    /// Part of the escrow that an operator pays its maker for an order that it did not deliver, parts per million.
    uint256 public constant PENALTY = 100_000;

    constructor(ICatalogue catalogue_, address desk_, address recovery_, address authority)
        EIP712(OrderTypes.NAME, OrderTypes.VERSION)
        AccessManaged(authority)
        RoyaltyAccounts(desk_)
        RoyaltyVault(recovery_)
        FinishedOrders(catalogue_)
    {}

    /* FUND */

    /// @inheritdoc IGenerationEscrow
    function fund(
        Quote calldata quote,
        bytes32[][] calldata,
        Grant[] calldata,
        bytes32 makerSalt,
        bytes calldata operatorSignature
    ) external payable nonReentrant returns (bytes32 orderId) {
        if (msg.sender != quote.maker()) revert GenerationEscrow_NotMaker(quote.maker(), msg.sender);
        uint256 escrowed;
        (orderId, escrowed) = _open(quote, OrderTypes.hashQuote(quote), makerSalt, operatorSignature);
        _collect(quote.token(), msg.sender, escrowed);
    }

    /// @inheritdoc IGenerationEscrow
    function fundFor(
        Quote calldata quote,
        bytes32[][] calldata,
        Grant[] calldata,
        bytes32 makerSalt,
        bytes calldata operatorSignature,
        bytes calldata makerSignature,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 orderId) {
        address maker = quote.maker();
        bytes32 quoteHash = OrderTypes.hashQuote(quote);
        uint256 escrowed;
        (orderId, escrowed) = _open(quote, quoteHash, makerSalt, operatorSignature);
        bytes32 signed = _hashTypedDataV4(OrderTypes.hashOrder(quoteHash, makerSalt));
        if (!Signatures.isValid(maker, signed, makerSignature)) {
            revert GenerationEscrow_BadOrderSignature(orderId, maker);
        }
        if (permit.deadline != 0) _usePermit(quote.token(), maker, escrowed, permit);
        _collect(quote.token(), maker, escrowed);
    }

    /// @inheritdoc IGenerationEscrow
    function fundWithAuthorization(
        Quote calldata quote,
        bytes32[][] calldata,
        Grant[] calldata,
        bytes32 makerSalt,
        bytes calldata operatorSignature,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (bytes32 orderId) {
        uint256 escrowed;
        (orderId, escrowed) = _open(quote, OrderTypes.hashQuote(quote), makerSalt, operatorSignature);
        if (escrowed == 0) revert Payments_WrongPayment(1, 0); // nobody would have signed anything
        address token = quote.token();
        uint256 before = IERC20(token).balanceOf(address(this));
        bytes32 nonce = authorizationNonce(orderId, makerSalt);
        IERC3009(token)
            .receiveWithAuthorization(quote.maker(), address(this), escrowed, 0, quote.validUntil() + 1, nonce, v, r, s);
        _requireArrived(token, before, escrowed);
    }

    /// All that makes an order but its payment.
    function _open(Quote calldata quote, bytes32 quoteHash, bytes32 makerSalt, bytes calldata operatorSignature)
        private
        whenNotPaused
        returns (bytes32 orderId, uint256 escrowed)
    {
        _requireTimely(quote);
        orderId = _hashTypedDataV4(quoteHash);
        Deal memory deal = _deal(quote, orderId, makerSalt);
        escrowed = deal.escrowed;
        _setFunded(deal);
        address operator = quote.operator();
        if (!_isSignedBy(operator, orderId, operatorSignature)) {
            revert GenerationEscrow_BadQuoteSignature(orderId, operator);
        }
        _requirePermitted();
        _cover(operator, deal.token, escrowed);
        _logFunded(deal, operator, quote);
    }

    function _requireTimely(Quote calldata quote) private view {
        uint256 validUntil = quote.validUntil();
        uint256 deadline = quote.deadline();
        if (block.timestamp > validUntil) revert GenerationEscrow_QuoteExpired(validUntil, block.timestamp);
        uint256 earliest = block.timestamp + MIN_DELIVERY;
        if (deadline < earliest) revert GenerationEscrow_DeadlineTooEarly(deadline, earliest);
        uint256 latest = block.timestamp + MAX_DELIVERY;
        if (deadline > latest) revert GenerationEscrow_DeadlineTooLate(deadline, latest);
    }

    /// Asks the catalogue with this very calldata: quote, terms and grants come first in all functions that fund, and
    /// are found by their offsets. Encoding them anew would cost 10,000 gas.
    function _requirePermitted() private view {
        address target = address(catalogue);
        bytes4 selector = ILicensing.requirePermitted.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            mstore(free, or(selector, shr(32, shl(32, mload(free)))))
            if iszero(staticcall(gas(), target, free, calldatasize(), 0, 0)) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    /// Whoever sees a permit can use it first, so that it fails here; what counts is the allowance.
    function _usePermit(address token, address maker, uint256 amount, Permit calldata permit) private {
        try IERC20Permit(token)
            .permit(maker, address(this), amount, permit.deadline, permit.v, permit.r, permit.s) {} catch {}
    }

    /* COMMIT */

    /// @inheritdoc IGenerationEscrow
    function commit(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, bytes calldata operatorSignature)
        external
        nonReentrant
    {
        Deal memory deal = _deal(quote, orderIdOf(quote), makerSalt);
        bytes32 dealHash = _requireFunded(deal);
        uint256 deadline = quote.deadline();
        if (block.timestamp > deadline) revert GenerationEscrow_DeadlinePassed(deal.orderId, deadline);
        address operator = quote.operator();
        uint256 count = quote.inferenceCount();
        if (!_isSignedBy(operator, _commitDigest(deal.orderId, commit_, count), operatorSignature)) {
            revert GenerationEscrow_BadCommitSignature(deal.orderId, operator);
        }
        Orders.requireWithinBounds(quote, commit_, count);
        _setCommitted(deal.orderId, dealHash, commit_, quote.use());
        _settle(deal, quote, commit_, operator);
    }

    /// Credits sources and pool, pays the operator, and gives the maker everything that is left.
    function _settle(Deal memory deal, Quote calldata quote, Commit calldata commit_, address operator) private {
        (bytes32 orderId, address token, uint256 fee) = (deal.orderId, deal.token, quote.operatorFee());
        uint256 rest = deal.escrowed - fee - _creditAll(orderId, quote, commit_, token);
        _uncover(operator, token, deal.escrowed, 0);
        emit OrderCommitted(
            orderId, commit_.recordDigest, commit_.outputDigest, commit_.evidenceRoot, commit_.shares, rest
        );
        _pay(orderId, token, operator, fee);
        _pay(orderId, token, deal.maker, rest);
    }

    function _creditAll(bytes32 orderId, Quote calldata quote, Commit calldata commit_, address token)
        private
        returns (uint256 credited)
    {
        uint256 units = Orders.units(commit_.duration());
        credited = Orders.part(quote.baseRate(), units, commit_.baseShare());
        _credit(orderId, quote.modelId, quote.poolRoot, token, credited);
        Source[] calldata sources = quote.sources;
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            uint256 amount = Orders.part(source.price(), units, Orders.shareOf(commit_, source, i));
            _credit(orderId, source.workId, source.splitRoot, token, amount);
            unchecked {
                credited += amount; // 17 amounts of at most 129 bits
            }
        }
    }

    /* REFUND */

    /// @inheritdoc IGenerationEscrow
    function refund(Deal calldata deal) external nonReentrant {
        _requireFunded(deal);
        uint256 deadline = QuoteWords.deadlineIn(deal.operatorWord);
        if (block.timestamp <= deadline) revert GenerationEscrow_DeadlineNotPassed(deal.orderId, deadline);

        uint256 penalty = deal.escrowed * PENALTY / PPM;
        _setRefunded(deal.orderId);
        _uncover(addressIn(deal.operatorWord), deal.token, deal.escrowed, penalty);
        emit OrderRefunded(deal.orderId, deal.maker, deal.escrowed, penalty);
        _pay(deal.orderId, deal.token, deal.maker, deal.escrowed + penalty);
    }

    /* PAUSE */

    /// @inheritdoc IGenerationEscrow
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IGenerationEscrow
    function unpause() external restricted {
        _unpause();
    }

    /* VIEWS */

    /// @inheritdoc IGenerationEscrow
    function authorizationNonce(bytes32 orderId, bytes32 makerSalt) public pure returns (bytes32) {
        return keccak256(abi.encode(orderId, makerSalt));
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 id) public view override returns (bool) {
        return id == type(IGenerationEscrow).interfaceId || id == type(IFinishedOrders).interfaceId
            || id == type(IRoyaltyVault).interfaceId || id == type(IOperatorRegistry).interfaceId || super.supportsInterface(id);
    }
}
