/** Inverted lists around k-means centroids; vectors lie in list order. */
@NullMarked
package io.elanus.index.ivf;

import org.jspecify.annotations.NullMarked;
