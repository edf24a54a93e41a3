/**
 * Distances. Question answered: how far is this query from these rows, as fast as the machine can
 * say? At the very bottom of the search walk. Knows numbers and memory, no metrics, no indexes.
 */
@NullMarked
package io.elanus.kernel;

import org.jspecify.annotations.NullMarked;
