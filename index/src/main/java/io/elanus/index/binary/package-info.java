/**
 * What vectors of bits have in common? Clusters of them, for the lists of an index. Stands beside
 * the k-means of numbers; bad at long vectors with thousands of clusters, where every row meets
 * every centroid.
 */
@NullMarked
package io.elanus.index.binary;

import org.jspecify.annotations.NullMarked;
