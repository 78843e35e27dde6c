// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {PPM} from "../libraries/Ppm.sol";
import {TermsWords} from "../libraries/TermsWords.sol";
import {Licensing} from "./Licensing.sol";

/// @notice Registers models with what they cost. See IModelRegistry.
abstract contract ModelRegistry is Licensing, IModelRegistry {
    /// One slot, found by model, pool and token at once, so that an order needs to read no more.
    struct Offer {
        uint96 rate;
        uint40 sunset;
        bool offered;
    }

    /// Part of a model's id, so that it never is a work's too: works have licensors, and the pool's account has none.
    bytes32 private constant KIND = "model";

    struct Model {
        address registrant;
        uint40 since; // second of its registration
    }

    mapping(bytes32 offerId => Offer) private _offers;
    mapping(bytes32 modelId => Model) private _models;
    mapping(bytes32 modelId => bytes32) private _manifests;

    /// @inheritdoc IModelRegistry
    function registerModel(
        bytes32 weightsDigest,
        bytes32 manifestRoot,
        bytes32 poolRoot,
        bytes32 metadataDigest,
        uint40 sunset,
        BaseRate[] calldata rates,
        PoolTerms calldata pool
    ) external returns (bytes32 modelId) {
        if (weightsDigest == 0 || manifestRoot == 0 || poolRoot == 0 || metadataDigest == 0) {
            revert ModelRegistry_EmptyDigest();
        }
        if (rates.length == 0) revert ModelRegistry_NoRates();
        modelId = modelIdOf(msg.sender, weightsDigest);
        if (_models[modelId].registrant != address(0)) revert ModelRegistry_AlreadyRegistered(modelId);

        _models[modelId] = Model(msg.sender, uint40(block.timestamp));
        _manifests[modelId] = manifestRoot;
        emit ModelRegistered(modelId, msg.sender, weightsDigest, manifestRoot, poolRoot, metadataDigest, sunset);
        for (uint256 i; i < rates.length; ++i) {
            _offer(modelId, poolRoot, sunset, rates[i]);
        }
        _logPool(modelId, pool);
    }

    /// Nothing is stored: no contract reads it.
    function _logPool(bytes32 modelId, PoolTerms calldata pool) private {
        (PoolRule rule, uint24 cap, bytes32 evidence) = (pool.rule, pool.ownerCap, pool.evidenceDigest);
        bool unproved = rule == PoolRule.Influence && evidence == 0;
        if (unproved || cap == 0 || cap > PPM) revert ModelRegistry_PoolTermsInvalid(rule, cap, evidence);
        emit PoolRuleSet(modelId, rule, cap, evidence);
    }

    function _offer(bytes32 modelId, bytes32 poolRoot, uint40 sunset, BaseRate calldata rate) private {
        bytes32 id = _offerId(modelId, poolRoot, rate.token);
        if (_offers[id].offered) revert ModelRegistry_RateGivenTwice(rate.token);
        _offers[id] = Offer(rate.rate, sunset, true);
        emit BaseRateSet(modelId, rate.token, rate.rate);
    }

    function _requireOffered(bytes32 modelId, bytes32 poolRoot, address token, uint256 baseRate) internal view {
        Offer memory offer = _offers[_offerId(modelId, poolRoot, token)];
        if (!offer.offered) revert ModelRegistry_NotOffered(modelId, poolRoot, token);
        if (offer.rate != baseRate) revert ModelRegistry_BaseRateMismatch(modelId, offer.rate, baseRate);
        if (offer.sunset != 0 && block.timestamp >= offer.sunset) {
            revert ModelRegistry_SunsetPassed(modelId, offer.sunset);
        }
    }

    /// @inheritdoc IModelRegistry
    function enforceSunset(
        bytes32 modelId,
        bytes32 poolRoot,
        address token,
        TrainingWork calldata work,
        bytes32[] calldata manifestProof
    ) external {
        uint256 sunset = _sunsetOf(modelId, work, manifestProof);
        Offer storage offer = _offers[_offerId(modelId, poolRoot, token)];
        if (!offer.offered) revert ModelRegistry_NotOffered(modelId, poolRoot, token);
        if (sunset == 0 || (offer.sunset != 0 && offer.sunset <= sunset)) {
            revert ModelRegistry_NoEarlierSunset(modelId, sunset);
        }
        offer.sunset = uint40(sunset);
        emit SunsetEnforced(modelId, token, workIdOf(work.registrant, work.contentDigest), sunset);
    }

    /// The date that the terms named which were in force for `work` when the model was registered.
    function _sunsetOf(bytes32 modelId, TrainingWork calldata work, bytes32[] calldata manifestProof)
        private
        view
        returns (uint256)
    {
        uint256 registered = _knownModel(modelId).since;
        bytes32 workId = workIdOf(work.registrant, work.contentDigest);
        uint256 licence = licenceOf(workId, work.version);
        _requireLearntFrom(modelId, work.registrant, work.contentDigest, licence >> 40, manifestProof);
        requirePinned(workId, work.version, work.splitRoot, work.words);
        uint256 next = uint40(licenceOf(workId, work.version + 1));
        bool inForce = uint40(licence) <= registered && (next == 0 || next > registered);
        if (!inForce) revert ModelRegistry_NotInForceThen(workId, work.version);
        return TermsWords.sunset(uint256(work.words[0]));
    }

    /// The leaf is in the model's manifest.
    function _requireLearntFrom(
        bytes32 modelId,
        address registrant,
        bytes32 contentDigest,
        uint256 licence,
        bytes32[] calldata manifestProof
    ) internal view {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(registrant, contentDigest, licence))));
        if (!MerkleProof.verifyCalldata(manifestProof, _manifests[modelId], leaf)) {
            revert ModelRegistry_NotLearntFrom(modelId, registrant, contentDigest);
        }
    }

    /// @inheritdoc IModelRegistry
    function stopModel(bytes32 modelId, bytes32 poolRoot, address token) external onlyDesk {
        Offer storage offer = _offers[_offerId(modelId, poolRoot, token)];
        if (!offer.offered) revert ModelRegistry_NotOffered(modelId, poolRoot, token);
        if (offer.sunset != 0 && offer.sunset <= block.timestamp) return;
        offer.sunset = uint40(block.timestamp);
        emit ModelStopped(modelId, token, block.timestamp);
    }

    /* VIEWS */

    /// @inheritdoc IModelRegistry
    function modelIdOf(address registrant, bytes32 weightsDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registrant, weightsDigest, KIND));
    }

    /// @inheritdoc IModelRegistry
    function registrantOf(bytes32 modelId) external view returns (address) {
        return _knownModel(modelId).registrant;
    }

    /// @inheritdoc IModelRegistry
    function baseRateOf(bytes32 modelId, bytes32 poolRoot, address token)
        external
        view
        returns (bool offered, uint256 rate, uint256 sunset)
    {
        Offer memory offer = _offers[_offerId(modelId, poolRoot, token)];
        return (offer.offered, offer.rate, offer.sunset);
    }

    function _knownModel(bytes32 modelId) internal view returns (Model memory model) {
        model = _models[modelId];
        if (model.registrant == address(0)) revert ModelRegistry_UnknownModel(modelId);
    }

    function _offerId(bytes32 modelId, bytes32 poolRoot, address token) private pure returns (bytes32) {
        return keccak256(abi.encode(modelId, poolRoot, token));
    }
}
