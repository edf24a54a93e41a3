/**
 * Which paths does REST have, and which call is behind each?
 *
 * <p>Stands between the HTTP door and the calls: one class per family of paths, each handler reads
 * the body, makes one message, calls, and says the answer as JSON. No validation that the calls do.
 */
@NullMarked
package io.elanus.server.wire.rest.routes;

import org.jspecify.annotations.NullMarked;
