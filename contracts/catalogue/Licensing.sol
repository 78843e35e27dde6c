// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {WorkRegistry} from "./WorkRegistry.sol";
import {ILicensing} from "../interfaces/ILicensing.sol";
import {Commit, Grant, Quote, ReadableTerms, Source, Use} from "../interfaces/Types.sol";
import {OrderTypes} from "../libraries/OrderTypes.sol";
import {Orders} from "../libraries/Orders.sol";
import {QuoteWords} from "../libraries/QuoteWords.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {TermsWords} from "../libraries/TermsWords.sol";
import {WorkWord} from "../libraries/WorkWord.sol";

/// @notice Keeps the versions of works' terms, and decides what an order may use. See ILicensing.
abstract contract Licensing is WorkRegistry, ILicensing {
    using QuoteWords for Quote;
    using QuoteWords for Source;
    using QuoteWords for Commit;
    using TermsWords for bytes32[];
    using TermsWords for uint256;
    using WorkWord for uint256;

    /// What an order asks of every source.
    struct Ask {
        Use use;
        address token;
        uint256 drift;
        uint256 count; // works in the inference set
    }

    uint256 private constant GRANTED = TermsWords.APPROVAL | TermsWords.LISTED_OPERATORS | TermsWords.LISTED_MODELS;

    /* VERSIONS */

    /// @inheritdoc ILicensing
    function setTerms(bytes32 workId, bytes32 splitRoot, bytes32[] calldata words) external returns (uint32 version) {
        return _addVersion(workId, splitRoot, words);
    }

    /// @inheritdoc ILicensing
    function changeSplit(bytes32 workId, bytes32 splitRoot, bytes32 metadataDigest, bytes32[] calldata words)
        external
        returns (uint32 version)
    {
        if (metadataDigest == 0) revert WorkRegistry_EmptyDigest();
        version = _addVersion(workId, splitRoot, words);
        emit SplitChanged(workId, splitRoot, metadataDigest);
    }

    function _addVersion(bytes32 workId, bytes32 splitRoot, bytes32[] calldata words)
        private
        returns (uint32 version)
    {
        (Work storage stored, uint256 work) = _requireLicensor(workId);
        if (splitRoot == 0) revert WorkRegistry_EmptyDigest();
        words.requireValid();
        stored.word = work = work.withNextVersion();
        version = uint32(work.version());
        _setTerms(workId, version, splitRoot, words, block.timestamp);
    }

    /// Stores the version's licence and emits TermsSet. By hand, as both are made of the same words.
    function _setTerms(bytes32 workId, uint256 version, bytes32 splitRoot, bytes32[] calldata words, uint256 since)
        internal
    {
        bytes32 topic = TermsSet.selector;
        uint256 hash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(5, words.length)
            mstore(free, splitRoot)
            mstore(add(free, 0x20), 0x40) // where the words start
            mstore(add(free, 0x40), words.length)
            calldatacopy(add(free, 0x60), words.offset, size)
            log3(free, add(0x60, size), topic, workId, version)
            mstore(add(free, 0x40), splitRoot) // in the place of the length, just before the words
            hash := keccak256(add(free, 0x40), add(size, 0x20))
        }
        _setLicence(workId, version, hash, since);
    }

    /// @inheritdoc ILicensing
    function requirePinned(bytes32 workId, uint256 version, bytes32 splitRoot, bytes32[] calldata words) public view {
        if (words.length == 0) revert Licensing_NoTerms(workId);
        uint256 difference = _licence(workId, version) ^ _hash(splitRoot, words) << 40;
        // The second below is not compared.
        if (difference >> 40 | version >> 32 != 0) revert Licensing_LicenceMismatch(workId, version);
    }

    /// keccak256(abi.encodePacked(splitRoot, words))
    function _hash(bytes32 splitRoot, bytes32[] calldata words) internal pure returns (uint256 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let size := shl(5, words.length)
            mstore(free, splitRoot)
            calldatacopy(add(free, 0x20), words.offset, size)
            hash := keccak256(free, add(size, 0x20))
        }
    }

    /* THE RULE */

    /// @param count number of works in the inference set
    function _requireSourcesPermitted(
        Quote calldata quote,
        uint256 count,
        bytes32[][] calldata terms,
        Grant[] calldata grants
    ) internal view {
        Source[] calldata sources = quote.sources;
        if (terms.length != sources.length) revert Licensing_TermsCount(sources.length, terms.length);
        Ask memory ask = Ask(quote.use(), quote.token(), quote.drift(), count);
        uint256 compositions = count;
        uint256 granted = 0;
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            bytes32[] calldata words = terms[i];
            if (_requireCurrent(source, words).isRecording()) _requireComposition(sources, i, compositions++);
            uint256 limits = uint256(words[0]);
            _requireScope(ask, sources, source, limits);
            _requirePrice(ask, source, words);
            if (limits & TermsWords.COMBINABLE == 0) _requireOneLicensor(sources, i);
            if (limits & GRANTED != 0) {
                if (granted == grants.length) revert Licensing_GrantCount(grants.length);
                _requireGranted(quote, source.workId, words, grants[granted++]);
            }
        }
        if (granted != grants.length) revert Licensing_GrantCount(grants.length);
        if (compositions != sources.length) {
            revert Licensing_CompositionMismatch(sources[compositions].workId, 0, sources[compositions].workId);
        }
    }

    /// The order pins the version in force, with its very terms and split, and nobody disputes the work.
    function _requireCurrent(Source calldata source, bytes32[] calldata words) private view returns (uint256 work) {
        bytes32 workId = source.workId;
        work = _known(workId);
        uint256 version = source.termsVersion();
        if (version != work.version()) revert Licensing_StaleVersion(workId, version, work.version());
        if (work.isDisputed()) {
            if (work.isBarred()) revert Licensing_WorkBarred(workId);
            revert Licensing_WorkContested(workId);
        }
        requirePinned(workId, version, source.splitRoot, words);
    }

    /// At `place` stands the composition of the recording at `i`.
    function _requireComposition(Source[] calldata sources, uint256 i, uint256 place) private view {
        bytes32 expected = compositionOf(sources[i].workId);
        bytes32 given = place < sources.length ? sources[place].workId : bytes32(0);
        if (given != expected || sources[place].through() != i + 1) {
            revert Licensing_CompositionMismatch(sources[i].workId, expected, given);
        }
    }

    /// Inference, use, weight, time and downstream share are within the terms.
    function _requireScope(Ask memory ask, Source[] calldata sources, Source calldata source, uint256 limits)
        private
        view
    {
        bytes32 workId = source.workId;
        if (limits & TermsWords.INFERENCE == 0) revert Licensing_InferenceNotPermitted(workId);
        if (!limits.permits(ask.use)) revert Licensing_UseNotPermitted(workId, ask.use);
        uint256 weight = Orders.highestWeight(sources, ask.count, source, ask.drift);
        if (weight > limits.maxWeight()) revert Licensing_WeightTooHigh(workId, weight, limits.maxWeight());
        uint256 until = limits.validUntil();
        if (block.timestamp < limits.validFrom() || (until != 0 && block.timestamp >= until)) {
            revert Licensing_NotInForce(workId, limits.validFrom(), until);
        }
        if (source.downstream() != limits.downstream()) {
            revert Licensing_DownstreamMismatch(workId, limits.downstream(), source.downstream());
        }
    }

    /// The token is accepted, and the source's price is the terms' price for the use.
    function _requirePrice(Ask memory ask, Source calldata source, bytes32[] calldata words) private pure {
        (bool accepted, uint256 price) = words.priceOf(ask.token, ask.use);
        if (!accepted) revert Licensing_TokenNotAccepted(source.workId, ask.token);
        if (source.price() != price) revert Licensing_PriceMismatch(source.workId, price, source.price());
    }

    /// All sources have the licensor of the one at `place`; but the composition that a recording needs is no combination
    /// for the recording.
    function _requireOneLicensor(Source[] calldata sources, uint256 place) private view {
        bytes32 workId = sources[place].workId;
        address licensor = _works[workId].word.licensor();
        for (uint256 i; i < sources.length; ++i) {
            if (sources[i].through() == place + 1) continue;
            if (_works[sources[i].workId].word.licensor() != licensor) revert Licensing_NotCombinable(workId);
        }
    }

    /* A WIDER USE */

    /// @inheritdoc ILicensing
    function differences(
        Quote calldata quote,
        Commit calldata commit,
        Use use,
        Use newUse,
        bytes32[][] calldata terms
    ) external view returns (uint256[] memory amounts) {
        Source[] calldata sources = quote.sources;
        if (terms.length != sources.length) revert Licensing_TermsCount(sources.length, terms.length);
        amounts = new uint256[](sources.length);
        uint256 units = Orders.units(commit.duration());
        for (uint256 i; i < sources.length; ++i) {
            uint256 share = Orders.shareOf(commit, sources[i], i);
            uint256 before = Orders.part(_pinnedPrice(quote, sources[i], terms[i], use), units, share);
            uint256 total = Orders.part(_pinnedPrice(quote, sources[i], terms[i], newUse), units, share);
            if (total > before) amounts[i] = total - before;
        }
    }

    function _pinnedPrice(Quote calldata quote, Source calldata source, bytes32[] calldata words, Use use)
        private
        view
        returns (uint256 price)
    {
        bool accepted;
        requirePinned(source.workId, source.termsVersion(), source.splitRoot, words);
        if (!uint256(words[0]).permits(use)) revert Licensing_UseNotPermitted(source.workId, use);
        (accepted, price) = words.priceOf(quote.token(), use);
        if (!accepted) revert Licensing_TokenNotAccepted(source.workId, quote.token());
    }

    /* LISTS AND APPROVALS */

    function _requireGranted(Quote calldata quote, bytes32 workId, bytes32[] calldata words, Grant calldata grant)
        private
        view
    {
        _requireListed(workId, words, quote.operator(), grant.operatorProof, quote.modelId, grant.modelProof);
        if (uint256(words[0]) & TermsWords.APPROVAL != 0) _requireApproved(quote, workId, grant.approval);
    }

    /// Operator and model are on the terms' lists, where they have any.
    function _requireListed(
        bytes32 workId,
        bytes32[] calldata words,
        address operator,
        bytes32[] calldata operatorProof,
        bytes32 modelId,
        bytes32[] calldata modelProof
    ) internal pure {
        uint256 limits = uint256(words[0]);
        bytes32 root = words.allowRoot();
        bool listed = limits & TermsWords.LISTED_OPERATORS == 0
            || _isListed(root, bytes32(uint256(uint160(operator))), operatorProof);
        if (!listed) revert Licensing_OperatorNotListed(workId, operator);
        listed = limits & TermsWords.LISTED_MODELS == 0 || _isListed(root, modelId, modelProof);
        if (!listed) revert Licensing_ModelNotListed(workId, modelId);
    }

    function _isListed(bytes32 root, bytes32 value, bytes32[] calldata proof) private pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, keccak256(bytes.concat(keccak256(abi.encode(value)))));
    }

    /// The licensor's own key, or contract under ERC-1271, has signed this order of the calling escrow.
    function _requireApproved(Quote calldata quote, bytes32 workId, bytes calldata approval) private view {
        bytes32 domain = OrderTypes.domainOf(msg.sender);
        bytes32 orderId = OrderTypes.digest(domain, OrderTypes.hashQuote(quote));
        bytes32 signed = OrderTypes.digest(domain, OrderTypes.hashApproval(orderId, workId));
        address licensor = _works[workId].word.licensor();
        if (!Signatures.isValid(licensor, signed, approval)) {
            revert Licensing_NotApproved(workId);
        }
    }

    /* VIEWS */

    /// @inheritdoc ILicensing
    function readTerms(bytes32[] calldata words) external pure returns (ReadableTerms memory) {
        words.requireValid();
        return words.decode();
    }
}
