/**
 * How long does the distance to one row take, read in order or gathered, with the scalar kernel and
 * the one that serves? Below everything else that searches. Bad at: whole searches; ask {@code
 * ./elanus bench}.
 */
@NullMarked
package io.elanus.bench.kernel;

import org.jspecify.annotations.NullMarked;
