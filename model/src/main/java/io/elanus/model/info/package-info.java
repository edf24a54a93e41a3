/** What does the database say about itself: collections, indexes, load states, segments? */
@NullMarked
package io.elanus.model.info;

import org.jspecify.annotations.NullMarked;
