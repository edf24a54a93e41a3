/** Time: what time is it, and which timestamp comes next? */
@NullMarked
package io.elanus.store.time;

import org.jspecify.annotations.NullMarked;
