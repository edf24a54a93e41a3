/**
 * Who is calling?
 *
 * <p>Stands at the doors, before any call is looked at. Answers a principal or refuses. It does not
 * yet decide what a principal may do.
 */
@NullMarked
package io.elanus.server.guard;

import org.jspecify.annotations.NullMarked;
