/**
 * How long does the distance to one row take, with the scalar, the Vector API and the native
 * kernel? Below everything else that searches. Bad at: whole searches; ask {@code ./elanus bench}.
 */
@NullMarked
package io.elanus.bench.kernel;

import org.jspecify.annotations.NullMarked;
