// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IWorkRegistry} from "../interfaces/IWorkRegistry.sol";
import {WorkWord} from "../libraries/WorkWord.sol";

/// @notice Registers works and keeps their licensors and versions. See IWorkRegistry.
abstract contract WorkRegistry is IWorkRegistry {
    using WorkWord for uint256;

    /// One slot. `word` is described at WorkWord.
    struct Work {
        uint256 word;
    }

    /// The dispute desk.
    address public immutable desk;

    mapping(bytes32 workId => Work) internal _works;
    /// Only ever added to, so that any version can be proved for ever. By 224 bits of the work's id, and the version.
    mapping(uint256 licenceId => uint256) private _licences;
    mapping(bytes32 workId => bytes32) private _compositionOf;
    mapping(bytes32 workId => address) private _pendingLicensor;

    modifier onlyDesk() {
        if (msg.sender != desk) revert WorkRegistry_NotDesk(msg.sender);
        _;
    }

    constructor(address desk_) {
        desk = desk_;
    }

    /* REGISTRATION */

    /// @inheritdoc IWorkRegistry
    function register(Registration calldata registration) external returns (bytes32 workId) {
        return _registerWithoutTerms(registration);
    }

    /// @inheritdoc IWorkRegistry
    function registerMany(Registration[] calldata registrations) external returns (bytes32[] memory workIds) {
        workIds = new bytes32[](registrations.length);
        for (uint256 i; i < registrations.length; ++i) {
            workIds[i] = _registerWithoutTerms(registrations[i]);
        }
    }

    function _registerWithoutTerms(Registration calldata registration) private returns (bytes32 workId) {
        workId = _register(msg.sender, registration);
        bytes32 splitRoot = registration.splitRoot;
        uint256 hash;
        assembly ("memory-safe") {
            mstore(0x00, splitRoot)
            hash := keccak256(0x00, 0x20)
        }
        _setLicence(workId, 1, hash, block.timestamp);
    }

    /// The caller sets the first version's licence.
    function _register(address licensor, Registration calldata r) internal returns (bytes32 workId) {
        if (r.contentDigest == 0 || r.sourceDigest == 0 || r.metadataDigest == 0 || r.splitRoot == 0) {
            revert WorkRegistry_EmptyDigest();
        }
        workId = workIdOf(licensor, r.contentDigest);
        if (_works[workId].word != 0) revert WorkRegistry_AlreadyRegistered(workId);

        _works[workId].word = WorkWord.created(licensor);
        if (r.recordingOf != 0) _setComposition(workId, r.recordingOf);
        emit WorkRegistered(
            workId, licensor, r.contentDigest, r.sourceDigest, r.metadataDigest, r.splitRoot, r.recordingOf
        );
    }

    function _setComposition(bytes32 workId, bytes32 compositionId) private {
        uint256 composition = _works[compositionId].word;
        if (composition == 0 || compositionId == workId || composition.isRecording()) {
            revert WorkRegistry_NotComposition(compositionId);
        }
        _works[workId].word |= WorkWord.RECORDING;
        _compositionOf[workId] = compositionId;
    }

    /* LICENSORS */

    /// @inheritdoc IWorkRegistry
    function transferLicensor(bytes32 workId, address to) external {
        _requireLicensor(workId);
        _pendingLicensor[workId] = to;
        emit LicensorTransferStarted(workId, msg.sender, to);
    }

    /// @inheritdoc IWorkRegistry
    function acceptLicensor(bytes32 workId) external {
        address from = licensorOf(workId);
        if (_pendingLicensor[workId] != msg.sender) revert WorkRegistry_NotPendingLicensor(workId, msg.sender);
        delete _pendingLicensor[workId];
        _works[workId].word = _works[workId].word.withLicensor(msg.sender);
        emit LicensorTransferred(workId, from, msg.sender);
    }

    /* CONTESTS */

    /// @inheritdoc IWorkRegistry
    function openContest(bytes32 workId) external onlyDesk {
        _setContests(workId, _known(workId) + WorkWord.CONTEST);
    }

    /// @inheritdoc IWorkRegistry
    function closeContest(bytes32 workId) external onlyDesk {
        uint256 work = _known(workId);
        assert(work.contests() != 0); // the desk closes what it opened
        _setContests(workId, work - WorkWord.CONTEST);
    }

    /// @inheritdoc IWorkRegistry
    function bar(bytes32 workId) external onlyDesk {
        _works[workId].word = _known(workId) | WorkWord.BARRED;
        emit WorkBarred(workId);
    }

    /* VIEWS */

    /// @inheritdoc IWorkRegistry
    function workIdOf(address registrant, bytes32 contentDigest) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registrant, contentDigest));
    }

    /// @inheritdoc IWorkRegistry
    function licensorOf(bytes32 workId) public view returns (address) {
        return _known(workId).licensor();
    }

    /// @inheritdoc IWorkRegistry
    function currentVersion(bytes32 workId) external view returns (uint32) {
        return uint32(_known(workId).version());
    }

    /// @inheritdoc IWorkRegistry
    function isContested(bytes32 workId) external view returns (bool) {
        return _known(workId).contests() != 0;
    }

    /// @inheritdoc IWorkRegistry
    function isBarred(bytes32 workId) external view returns (bool) {
        return _known(workId).isBarred();
    }

    /// @inheritdoc IWorkRegistry
    function compositionOf(bytes32 workId) public view returns (bytes32) {
        return _compositionOf[workId];
    }

    /// @inheritdoc IWorkRegistry
    function pendingLicensorOf(bytes32 workId) external view returns (address) {
        return _pendingLicensor[workId];
    }

    /// @inheritdoc IWorkRegistry
    function licenceOf(bytes32 workId, uint256 version) public view returns (uint256 word) {
        if (version >> 32 == 0) word = _licence(workId, version);
    }

    /* INTERNALS */

    function _known(bytes32 workId) internal view returns (uint256 work) {
        work = _works[workId].word;
        if (work == 0) revert WorkRegistry_UnknownWork(workId);
    }

    /// @return stored where the work is kept, and `work` its word
    function _requireLicensor(bytes32 workId) internal view returns (Work storage stored, uint256 work) {
        stored = _works[workId];
        work = stored.word;
        if (work.licensor() != msg.sender) {
            _known(workId);
            revert WorkRegistry_NotLicensor(workId, msg.sender);
        }
    }

    function _setContests(bytes32 workId, uint256 work) private {
        _works[workId].word = work;
        emit ContestsChanged(workId, work.contests());
    }

    /// @param hash keccak256(abi.encodePacked(splitRoot, words)), of which 216 bits are stored
    /// @param since second at which the version takes force
    function _setLicence(bytes32 workId, uint256 version, uint256 hash, uint256 since) internal {
        _licences[_licenceId(workId, version)] = hash << 40 | since;
    }

    /// A `version` beyond 32 bits runs into the id, and stands for another version or another work's: the caller checks.
    function _licence(bytes32 workId, uint256 version) internal view returns (uint256) {
        return _licences[_licenceId(workId, version)];
    }

    function _licenceId(bytes32 workId, uint256 version) private pure returns (uint256) {
        return uint256(workId) << 32 | version;
    }
}
