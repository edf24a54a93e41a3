/** Which rows hold a scalar value, without looking at every row? */
@NullMarked
package io.elanus.index.scalar;

import org.jspecify.annotations.NullMarked;
