/**
 * Which vectors lie together, and around what? k-means and the nearest centroid of each row, for
 * lists and for product codes. Bad at many centroids, all of which each row is compared with.
 */
@NullMarked
package io.elanus.index.cluster;

import org.jspecify.annotations.NullMarked;
