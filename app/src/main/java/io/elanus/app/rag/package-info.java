/**
 * Which parts of retrieval run, with which settings?
 *
 * <p>Beside {@code serve}: reads the section {@code rag} of the configuration, makes the parts and
 * their threads, and mounts their routes. A part's wiring and its settings are one class each.
 */
@NullMarked
package io.elanus.app.rag;

import org.jspecify.annotations.NullMarked;
