// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICatalogue} from "../interfaces/ICatalogue.sol";
import {IFinishedOrders} from "../interfaces/IFinishedOrders.sol";
import {Commit, Deal, Quote, Source, Use} from "../interfaces/Types.sol";
import {Orders} from "../libraries/Orders.sol";
import {PPM} from "../libraries/Ppm.sol";
import {QuoteWords} from "../libraries/QuoteWords.sol";
import {OperatorRegistry} from "./OperatorRegistry.sol";
import {OrderBook} from "./OrderBook.sol";
import {RoyaltyVault} from "./RoyaltyVault.sol";

/// @notice What can still happen to a committed order. See IFinishedOrders.
abstract contract FinishedOrders is IFinishedOrders, OrderBook, RoyaltyVault, OperatorRegistry {
    using QuoteWords for Quote;
    using QuoteWords for Source;

    ICatalogue public immutable catalogue;

    constructor(ICatalogue catalogue_) {
        catalogue = catalogue_;
    }

    /* A WIDER USE */

    /// @inheritdoc IFinishedOrders
    function raiseUse(
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit_,
        Use use,
        Use newUse,
        bytes32[][] calldata terms
    ) external payable nonReentrant returns (uint256 paid) {
        (Deal memory deal, bytes32 dealHash) = _requireCommitted(quote, makerSalt, commit_, use);
        if (use == Use.Live || newUse == Use.Live) revert FinishedOrders_LiveUse();
        if (newUse <= use) revert FinishedOrders_NotWider();
        _setCommitted(deal.orderId, dealHash, commit_, newUse);
        uint256[] memory amounts = catalogue.differences(quote, commit_, use, newUse, terms);
        Source[] calldata sources = quote.sources;
        for (uint256 i; i < amounts.length; ++i) {
            paid += amounts[i];
            _credit(deal.orderId, sources[i].workId, sources[i].splitRoot, deal.token, amounts[i]);
        }
        emit OrderRaised(deal.orderId, msg.sender, use, newUse, paid);
        _collect(deal.token, msg.sender, paid);
    }

    /* LATER REVENUE */

    /// @inheritdoc IFinishedOrders
    function payDownstream(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use, uint256 amount)
        external
        payable
        nonReentrant
        returns (uint256 toMaker)
    {
        (Deal memory deal,) = _requireCommitted(quote, makerSalt, commit_, use);
        toMaker = amount;
        Source[] calldata sources = quote.sources;
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            uint256 part = amount * Orders.shareOf(commit_, source, i) * source.downstream() / (PPM * PPM);
            toMaker -= part;
            _credit(deal.orderId, source.workId, source.splitRoot, deal.token, part);
        }
        emit DownstreamPaid(deal.orderId, msg.sender, amount, toMaker);
        bool byMaker = msg.sender == deal.maker;
        _collect(deal.token, msg.sender, byMaker ? amount - toMaker : amount);
        if (!byMaker) _pay(deal.orderId, deal.token, deal.maker, toMaker);
    }

    /* AN UPHELD CHALLENGE */

    /// @inheritdoc IFinishedOrders
    function payFromBond(Quote calldata quote, uint256 locked, uint256[] calldata toSources, uint256 toMaker)
        external
        onlyDesk
        nonReentrant
    {
        bytes32 orderId = orderIdOf(quote);
        Source[] calldata sources = quote.sources;
        if (toSources.length != sources.length) revert FinishedOrders_AmountsCount(sources.length, toSources.length);
        address token = quote.token();
        uint256 paid = toMaker;
        for (uint256 i; i < sources.length; ++i) {
            paid += toSources[i];
            _credit(orderId, sources[i].workId, sources[i].splitRoot, token, toSources[i]);
        }
        _endChallenge(quote.operator(), token, locked, paid);
        emit BondPaid(quote.operator(), orderId, token, paid);
        _pay(orderId, token, quote.maker(), toMaker);
    }

    /// @inheritdoc IFinishedOrders
    function requireCommitted(Quote calldata quote, bytes32 makerSalt, Commit calldata commit_, Use use)
        external
        view
        returns (bytes32 orderId)
    {
        (Deal memory deal,) = _requireCommitted(quote, makerSalt, commit_, use);
        return deal.orderId;
    }
}
