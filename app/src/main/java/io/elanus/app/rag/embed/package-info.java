/**
 * Which models run in this process?
 *
 * <p>Embedders with their threads and caches, made out of the settings; none is read before
 * somebody asks for it.
 */
@NullMarked
package io.elanus.app.rag.embed;

import org.jspecify.annotations.NullMarked;
