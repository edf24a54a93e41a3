/**
 * Which rows lie near, by the list they are in: k-means centroids, their lists, and the walk
 * through the nearest of them. Lists hold vectors (IVF_FLAT) or codes of them (IVF_SQ8,
 * IVF_RABITQ). Bad at tens of thousands of lists: every centroid is looked at, by a search and for
 * each row of a build.
 */
@NullMarked
package io.elanus.index.ivf;

import org.jspecify.annotations.NullMarked;
