/**
 * A navigable small world graph in layers (Malkov and Yashunin 2016), off the heap and mappable.
 */
@NullMarked
package io.elanus.index.hnsw;

import org.jspecify.annotations.NullMarked;
