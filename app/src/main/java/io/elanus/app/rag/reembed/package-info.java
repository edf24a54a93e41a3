/**
 * What runs for re-embedding?
 *
 * <p>Its threads, the questions that are asked twice, its routes. Nothing is decided here.
 */
@NullMarked
package io.elanus.app.rag.reembed;

import org.jspecify.annotations.NullMarked;
