/** Which errors exist, of which kind, and what should the caller do? */
@NullMarked
package io.elanus.model.error;

import org.jspecify.annotations.NullMarked;
