// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The contests that hold one account, in the order in which they began to, and what has come in since.
/// @dev Totals are counted modulo 2**128, as accounts count them; contests are numbered from 1. Whether a contest is in
/// the queue is for the caller to know.
library HoldQueue {
    /// One slot. `start` is the account's income when the contest began to hold it.
    struct Entry {
        uint128 start;
        uint64 previous;
        uint64 next;
    }

    /// `moved` is what rulings have taken from the account, which its `received` counts no more.
    struct Queue {
        uint64 first;
        uint64 last;
        uint128 moved;
        mapping(uint256 contestId => Entry) entries;
    }

    /// @param received what the account has received by now
    function add(Queue storage queue, uint64 contestId, uint256 received) internal {
        uint64 last = queue.last;
        queue.entries[contestId] = Entry(_income(queue, received), last, 0);
        if (last == 0) queue.first = contestId;
        else queue.entries[last].next = contestId;
        queue.last = contestId;
    }

    function remove(Queue storage queue, uint64 contestId) internal {
        Entry memory entry = queue.entries[contestId];
        delete queue.entries[contestId];
        if (entry.previous == 0) queue.first = entry.next;
        else queue.entries[entry.previous].next = entry.next;
        if (entry.next == 0) queue.last = entry.previous;
        else queue.entries[entry.next].previous = entry.previous;
    }

    /// A ruling takes `amount` from the account.
    function take(Queue storage queue, uint256 amount) internal {
        unchecked {
            queue.moved += uint128(amount);
        }
    }

    /// @return what has come in since `contestId`, which is in the queue, began to hold the account
    function since(Queue storage queue, uint256 contestId, uint256 received) internal view returns (uint256) {
        unchecked {
            return _income(queue, received) - queue.entries[contestId].start;
        }
    }

    /// @return what has come in since the first of the queue began; 0 for an empty queue
    function sinceFirst(Queue storage queue, uint256 received) internal view returns (uint256) {
        uint64 first = queue.first;
        return first == 0 ? 0 : since(queue, first, received);
    }

    function _income(Queue storage queue, uint256 received) private view returns (uint128) {
        unchecked {
            return uint128(received) + queue.moved;
        }
    }
}
