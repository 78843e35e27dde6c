// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The contests that hold one account, in the order in which they began to, and what has come in since.
/// @dev Totals are below 2**128, as accounts count them; contests are numbered from 1. Whether a contest is in the queue
/// is for the caller to know.
library HoldQueue {
    /// One slot. `start` is what the account had received when the contest began to hold it, `awards` how many there were.
    struct Entry {
        uint128 start;
        uint48 previous;
        uint48 next;
        uint32 awards;
    }

    /// `amount` was taken from what came in above `start`, the oldest of it first.
    struct Award {
        uint128 start;
        uint128 amount;
    }

    /// Awards are numbered from 0. Only rulings make them, so nobody can make the loop over them long.
    struct Queue {
        uint48 first;
        uint48 last;
        uint32 awardCount;
        mapping(uint256 contestId => Entry) entries;
        mapping(uint256 number => Award) awards;
    }

    /// @param received what the account has received by now
    function add(Queue storage queue, uint48 contestId, uint128 received) internal {
        uint48 last = queue.last;
        queue.entries[contestId] = Entry(received, last, 0, queue.awardCount);
        if (last == 0) queue.first = contestId;
        else queue.entries[last].next = contestId;
        queue.last = contestId;
    }

    function remove(Queue storage queue, uint48 contestId) internal {
        Entry memory entry = queue.entries[contestId];
        delete queue.entries[contestId];
        if (entry.previous == 0) queue.first = entry.next;
        else queue.entries[entry.previous].next = entry.next;
        if (entry.next == 0) queue.last = entry.previous;
        else queue.entries[entry.next].previous = entry.previous;
    }

    /// A ruling takes `amount` of what came in above `start` from the account, which counts it as received no more.
    function take(Queue storage queue, uint128 start, uint128 amount) internal {
        if (amount != 0) queue.awards[queue.awardCount++] = Award(start, amount);
    }

    /// @return start what came in above it has come in since `contestId`, which is in the queue, began to hold the account
    function startOf(Queue storage queue, uint256 contestId) internal view returns (uint128 start) {
        Entry memory entry = queue.entries[contestId];
        uint256 moved = entry.start;
        uint256 count = queue.awardCount;
        for (uint256 i = entry.awards; i < count; ++i) {
            Award memory award = queue.awards[i];
            // What was taken from before the contest began moves its start down, and no further than what was taken.
            if (moved > award.start) moved = Math.max(award.start, Math.saturatingSub(moved, award.amount));
        }
        return uint128(moved);
    }

    /// @return what of `received` has come in since the first of the queue began; 0 for an empty queue
    function sinceFirst(Queue storage queue, uint256 received) internal view returns (uint256) {
        uint48 first = queue.first;
        return first == 0 ? 0 : received - startOf(queue, first);
    }
}
