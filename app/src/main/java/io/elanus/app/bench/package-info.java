/**
 * {@code elanus bench}: how fast does a server take rows and answer searches, at which recall?
 * Measures through gRPC, as clients do. Bad at: comparing with other engines.
 */
@NullMarked
package io.elanus.app.bench;

import org.jspecify.annotations.NullMarked;
