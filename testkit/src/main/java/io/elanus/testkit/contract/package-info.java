/**
 * What does every database owe its callers? Contracts that each implementation inherits: one
 * interface per part of the promise, all together {@link
 * io.elanus.testkit.contract.DatabaseContract}, and random operations against the oracle.
 *
 * <p>Bad at: large data, time to live, approximate answers; recall has its own tests.
 */
@NullMarked
package io.elanus.testkit.contract;

import org.jspecify.annotations.NullMarked;
