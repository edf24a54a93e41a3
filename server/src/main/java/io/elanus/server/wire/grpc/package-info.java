/**
 * How do calls come in over gRPC and how do their answers and errors leave?
 *
 * <p>The first and the last folder on every gRPC walk. Knows metadata, executors and status codes
 * of gRPC, and no call by its meaning.
 */
@NullMarked
package io.elanus.server.wire.grpc;

import org.jspecify.annotations.NullMarked;
