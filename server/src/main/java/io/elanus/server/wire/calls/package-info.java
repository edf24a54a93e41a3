/**
 * What does each call of Milvus's protocol do?
 *
 * <p>Stands between the doors (gRPC, REST) and {@code model.Database}: message in, validated into
 * model values, database asked, message out. Bad at nothing but prose: no protocol, no threads, no
 * state here.
 */
@NullMarked
package io.elanus.server.wire.calls;

import org.jspecify.annotations.NullMarked;
