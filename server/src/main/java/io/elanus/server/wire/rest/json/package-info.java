/**
 * How is a JSON body read, within limits, and how do its parameters become the protocol's?
 *
 * <p>The innermost folder of the REST door. Knows neither HTTP nor any call.
 */
@NullMarked
package io.elanus.server.wire.rest.json;

import org.jspecify.annotations.NullMarked;
