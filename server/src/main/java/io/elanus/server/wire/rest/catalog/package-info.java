/**
 * Which paths does REST have for what is not a row: collections, partitions, indexes, aliases,
 * databases?
 *
 * <p>Stands between the HTTP door and the calls: one class per family of paths; each handler reads
 * the body, makes one message, calls, and says the answer as JSON. No validation that the calls do.
 */
@NullMarked
package io.elanus.server.wire.rest.catalog;

import org.jspecify.annotations.NullMarked;
