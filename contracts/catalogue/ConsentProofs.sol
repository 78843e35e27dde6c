// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentProofs} from "../interfaces/IConsentProofs.sol";
import {Anchored, Consent, ConsentEvidence, ManifestLeaf} from "../interfaces/Types.sol";
import {TermsWords} from "../libraries/TermsWords.sol";
import {Collections} from "./Collections.sol";
import {ModelRegistry} from "./ModelRegistry.sol";

/// @notice Proofs about consent to training. See IConsentProofs.
abstract contract ConsentProofs is Collections, ModelRegistry, IConsentProofs {
    using TermsWords for bytes32[];
    using TermsWords for uint256;

    /// How long a licence that was replaced, or a collection that was withdrawn, still counts for new models.
    uint256 private constant CONSENT_NOTICE = 1 days;

    /// @inheritdoc IConsentProofs
    function requireLearntFrom(bytes32 modelId, ManifestLeaf calldata leaf, bytes32[] calldata manifestProof)
        external
        view
    {
        _requireLearntFrom(modelId, leaf.registrant, leaf.contentDigest, leaf.licence, manifestProof);
    }

    /* NONE */

    /// @inheritdoc IConsentProofs
    function requireNoConsent(
        bytes32 modelId,
        ManifestLeaf calldata leaf,
        bytes32[] calldata manifestProof,
        ConsentEvidence calldata evidence
    ) external view {
        uint256 registered = _knownModel(modelId).since;
        bytes32 workId = workIdOf(leaf.registrant, leaf.contentDigest);
        _requireLearntFrom(modelId, leaf.registrant, leaf.contentDigest, leaf.licence, manifestProof);
        if (evidence.version != 0) {
            _requireOtherInForce(workId, leaf.licence, evidence.version, registered);
            return;
        }
        _requireLicence(leaf, evidence.splitRoot, evidence.words);
        if (_permits(evidence.words, registered)) revert ConsentProofs_Permitted(workId);
    }

    /// Later versions than the first carry the very second at which they were set.
    function _requireOtherInForce(bytes32 workId, uint256 expected, uint256 version, uint256 registered) private view {
        if (version == 1) revert ConsentProofs_FirstVersion(workId);
        uint256 licence = licenceOf(workId, version);
        uint256 next = _since(workId, version + 1);
        bool inForce = licence != 0 && uint40(licence) + CONSENT_NOTICE <= registered && (next == 0 || next > registered);
        if (!inForce) revert ModelRegistry_NotInForceThen(workId, version);
        if (licence >> 40 == expected) revert ConsentProofs_SameLicence(workId, version);
    }

    /* CONSENT */

    /// @inheritdoc IConsentProofs
    function requireConsent(bytes32 modelId, ManifestLeaf calldata leaf, Consent calldata consent) external view {
        (address operator, uint256 registered) = (_knownModel(modelId).registrant, _knownModel(modelId).since);
        bytes32 workId = workIdOf(leaf.registrant, leaf.contentDigest);
        bytes32[] calldata words = consent.words;
        words.requireValid();
        _requireLicence(leaf, consent.splitRoot, words);
        if (consent.version == 0) _requireAnchored(leaf, workId, consent, registered);
        else _requireCounted(workId, leaf.licence, consent.version, registered);
        if (!_permits(words, registered)) revert ConsentProofs_NotPermitted(workId);
        _requireListed(workId, words, operator, consent.operatorProof, modelId, consent.modelProof);
    }

    /// The version's licence is the leaf's, and counts for the model.
    function _requireCounted(bytes32 workId, uint256 expected, uint256 version, uint256 registered) private view {
        uint256 licence = licenceOf(workId, version);
        if (licence >> 40 != expected) revert ConsentProofs_OtherLicence(expected, licence >> 40);
        if (uint40(licence) > registered || !_lasts(_since(workId, version + 1), registered)) {
            revert ModelRegistry_NotInForceThen(workId, version);
        }
    }

    /// The collection's terms of the work count for the model.
    function _requireAnchored(ManifestLeaf calldata leaf, bytes32 workId, Consent calldata consent, uint256 registered)
        private
        view
    {
        Anchored calldata work = consent.anchored;
        bytes32 words = keccak256(abi.encodePacked(consent.words));
        bytes memory row = abi.encode(
            leaf.contentDigest, work.sourceDigest, work.metadataDigest, consent.splitRoot, work.recordingOf, words
        );
        _requireInCollection(work.root, row, work.proof);
        (uint256 since, uint256 withdrawn) = _anchorOf(leaf.registrant, work.root);
        if (since == 0 || since > registered || !_lasts(withdrawn, registered)) {
            revert Collections_UnknownCollection(leaf.registrant, work.root);
        }
        if (!_lasts(_since(workId, 2), registered)) revert ConsentProofs_Superseded(workId);
    }

    /* INTERNALS */

    /// Whether what ended at `end`, if ever, still counts for a model.
    function _lasts(uint256 end, uint256 registered) private pure returns (bool) {
        return end == 0 || end + CONSENT_NOTICE > registered;
    }

    /// The second from which a version counts; 0 where there is none.
    function _since(bytes32 workId, uint256 version) private view returns (uint256) {
        return uint40(licenceOf(workId, version));
    }

    function _requireLicence(ManifestLeaf calldata leaf, bytes32 splitRoot, bytes32[] calldata words) private pure {
        uint256 given = _hash(splitRoot, words) << 40 >> 40;
        if (given != leaf.licence) revert ConsentProofs_OtherLicence(leaf.licence, given);
    }

    /// Without words there are no terms, and nothing is permitted.
    function _permits(bytes32[] calldata words, uint256 registered) private pure returns (bool) {
        if (words.length == 0) return false;
        uint256 limits = uint256(words[0]);
        uint256 until = limits.validUntil();
        return limits & TermsWords.TRAINING != 0 && limits.validFrom() <= registered && (until == 0 || registered < until);
    }
}
