// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// What the tests of the node need from a contract: storage, events, every kind of revert, block context, depth.
contract Probe {
    error TooLow(uint256 given, uint256 needed);
    error Expired(uint256 deadline, uint256 nowIs);

    event Stored(address indexed who, uint256 indexed key, uint256 value);
    event Note(string text);

    mapping(uint256 => uint256) public values;

    constructor(uint256 first) payable {
        values[0] = first;
    }

    receive() external payable {}

    function store(uint256 key, uint256 value) external payable {
        values[key] = value;
        emit Stored(msg.sender, key, value);
    }

    function storeBefore(uint256 deadline, uint256 key, uint256 value) external {
        if (block.timestamp > deadline) revert Expired(deadline, block.timestamp);
        values[key] = value;
    }

    function note(string calldata text) external {
        emit Note(text);
        emit Note(text);
    }

    function atLeast(uint256 given, uint256 needed) external pure returns (uint256) {
        if (given < needed) revert TooLow(given, needed);
        return given - needed;
    }

    function refuse() external pure {
        require(false, "not today");
    }

    function divide(uint256 a, uint256 b) external pure returns (uint256) {
        return a / b;
    }

    function context() external view returns (uint256 chainId, uint256 number, uint256 time, address sender) {
        return (block.chainid, block.number, block.timestamp, msg.sender);
    }

    function clear(uint256 from, uint256 to) external {
        for (uint256 key = from; key < to; ++key) delete values[key];
    }

    function fill(uint256 from, uint256 to) external {
        for (uint256 key = from; key < to; ++key) values[key] = key + 1;
    }

    function spin() external pure {
        while (true) {}
    }

    /// Calls itself `depth` times; returns how deep it got.
    function dive(uint256 depth) external returns (uint256) {
        if (depth == 0) return 0;
        try this.dive(depth - 1) returns (uint256 below) {
            return below + 1;
        } catch {
            return 0;
        }
    }
}
