/**
 * {@code elanus reembed}: how does a collection come to vectors of another model?
 *
 * <p>Asks a running server by HTTP like any client and shows how far it is; nothing is decided
 * here.
 */
@NullMarked
package io.elanus.app.reembed;

import org.jspecify.annotations.NullMarked;
