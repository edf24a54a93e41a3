/**
 * How does JSON become the protocol's messages, and messages JSON?
 *
 * <p>The innermost folder of the REST door: rows to columns and back, schemas, vectors, parameters.
 * Knows neither HTTP nor any call. Checks types only as far as a column can hold the value; what
 * the schema forbids beyond that is refused by the calls.
 */
@NullMarked
package io.elanus.server.wire.rest.json;

import org.jspecify.annotations.NullMarked;
