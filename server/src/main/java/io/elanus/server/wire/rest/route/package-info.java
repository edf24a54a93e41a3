/**
 * What is a path of REST, what does its handler get and what does it answer?
 *
 * <p>The words that the door and the families of paths share.
 */
@NullMarked
package io.elanus.server.wire.rest.route;

import org.jspecify.annotations.NullMarked;
