/**
 * How do calls come in over HTTP and JSON and how do their answers and errors leave?
 *
 * <p>The first and the last folder on every REST walk: authenticates, reads the body, finds the
 * route, turns errors into REST's codes. Knows no call by its meaning. Bad at bodies larger than
 * memory: a request is read whole before it is looked at.
 */
@NullMarked
package io.elanus.server.wire.rest;

import org.jspecify.annotations.NullMarked;
