/**
 * {@code elanus eval}: how good is what a running server finds?
 *
 * <p>Asks by HTTP like any client; the arithmetic stands in {@code rag.eval}.
 */
@NullMarked
package io.elanus.app.eval;

import org.jspecify.annotations.NullMarked;
