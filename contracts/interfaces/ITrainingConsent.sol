// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Consent, ConsentEvidence, ManifestLeaf, Quote, Use} from "./Types.sol";

/// @title Works that a model learnt from without consent.
/// @notice Whoever finds such a work proves one leaf of the model's manifest. No arbiter is asked: the chain knows the
/// licences. What can be shown at once is proved (`proveNoConsent`). That a work was never registered, or an operator never
/// listed, cannot be shown, so it is asked for a bond (`questionConsent`): who shows a consent within ANSWER_TIME ends the
/// question for good; else the leaf is without consent. See IConsentProofs for what is a consent.
///
/// What becomes of a question's bond, MIN_BOND in native coin: answered, it goes to the model's registrant, whom the answer
/// cost gas; else it goes back. It is fixed, so that nobody makes questions dear by a large bond, or free by none.
///
/// A leaf without consent
///   stops the model: it takes no new orders in any token in which somebody says so (`stopModel`, or any fine);
///   costs CONSENT_FINE of the bond in a token that the model takes, once for each operator, leaf and token. It is paid by
///   the model's registrant (`fineRegistrant`), and by every operator of a committed order of the model (`fineOperator`), so
///   that a model is not safe for being registered by somebody without a bond. What covers open orders is never taken,
///   what is being withdrawn is. FINDER_PART of the fine goes to who proved or asked, the rest to the model's training
///   pool, so that to prove oneself is a loss.
/// @dev The escrow's events tell of a fine, and the desk's of a bond that is owed, under the `consentId` in the place of an
/// order's id.
interface ITrainingConsent {
    enum ConsentStatus {
        None,
        Questioned,
        Answered,
        Missing
    }

    /// @param answerUntil last second for an answer
    event ConsentQuestioned(
        bytes32 indexed consentId,
        bytes32 indexed modelId,
        address indexed asker,
        ManifestLeaf leaf,
        uint256 bond,
        uint256 answerUntil
    );
    /// @param version that is the consent, 0 where a collection is
    event ConsentAnswered(bytes32 indexed consentId, bytes32 indexed modelId, uint256 version);
    /// @param finder who proved it, or asked without getting an answer
    event ConsentMissing(
        bytes32 indexed consentId, bytes32 indexed modelId, address indexed finder, ManifestLeaf leaf
    );
    /// A question's bond was paid, in native coin.
    event ConsentBondPaid(bytes32 indexed consentId, address indexed to, uint256 amount);
    event ConsentFined(
        bytes32 indexed consentId,
        address indexed operator,
        address indexed token,
        address finder,
        uint256 toFinder,
        uint256 toPool
    );

    /// The leaf was asked about before.
    error DisputeDesk_AlreadyQuestioned(bytes32 consentId);
    /// It is known that the leaf is without consent.
    error DisputeDesk_AlreadyMissing(bytes32 consentId);
    /// No question about this leaf is open.
    error DisputeDesk_NotQuestioned(bytes32 consentId);
    error DisputeDesk_AnswerTimeOver(uint256 answerUntil);
    error DisputeDesk_AnswerTimeNotOver(uint256 answerUntil);
    /// Nobody has shown that the leaf is without consent.
    error DisputeDesk_NotMissing(bytes32 consentId);
    error DisputeDesk_AlreadyFined(bytes32 consentId, address operator, address token);
    /// The operator has no bond in this token but what covers open orders, or too little of it.
    error DisputeDesk_NothingToFine(address operator, address token);

    /// @notice Proves that a leaf of the model's manifest is no consent. A question about it that is open ends, and its bond
    /// goes back.
    function proveNoConsent(
        bytes32 modelId,
        ManifestLeaf calldata leaf,
        bytes32[] calldata manifestProof,
        ConsentEvidence calldata evidence
    ) external returns (bytes32 consentId);
    /// @notice Asks for the consent of a leaf of the model's manifest. Send exactly MIN_BOND.
    function questionConsent(bytes32 modelId, ManifestLeaf calldata leaf, bytes32[] calldata manifestProof)
        external
        payable
        returns (bytes32 consentId);
    /// @notice Shows the consent that was asked for. Anybody may.
    function answerConsent(bytes32 modelId, ManifestLeaf calldata leaf, Consent calldata consent) external;
    /// @notice By anybody, once the time for an answer is over: the leaf is without consent.
    function finishQuestion(bytes32 modelId, ManifestLeaf calldata leaf) external;

    /// @notice By anybody: a model with a leaf without consent takes no new orders in this token.
    function stopModel(bytes32 modelId, ManifestLeaf calldata leaf, bytes32 poolRoot, address token) external;
    /// @notice By anybody: the model's registrant pays, and the model is stopped in this token.
    function fineRegistrant(bytes32 modelId, ManifestLeaf calldata leaf, bytes32 poolRoot, address token) external;
    /// @notice By anybody: the operator of a committed order of the model pays, and the model is stopped in the order's token.
    /// @param use the use that the order is paid for now
    function fineOperator(
        ManifestLeaf calldata leaf,
        Quote calldata quote,
        bytes32 makerSalt,
        Commit calldata commit,
        Use use
    ) external;

    /// @return keccak256(abi.encode(modelId, leaf))
    function consentIdOf(bytes32 modelId, ManifestLeaf calldata leaf) external pure returns (bytes32);
    /// @return status of the leaf
    /// @return who asked, or found
    /// @return answerUntil last second for an answer to a question that is open
    function consentOf(bytes32 consentId) external view returns (ConsentStatus status, address who, uint256 answerUntil);
    function isFined(bytes32 consentId, address operator, address token) external view returns (bool);
}
