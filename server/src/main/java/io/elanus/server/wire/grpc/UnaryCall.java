package io.elanus.server.wire.grpc;

import io.elanus.server.wire.calls.Call;

/** One call: answers its response, or throws. */
@FunctionalInterface
interface UnaryCall<Q, R> {
  R answer(Call call, Q request);
}
