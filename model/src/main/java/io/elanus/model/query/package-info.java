/** What can be asked of rows, and what comes back? */
@NullMarked
package io.elanus.model.query;

import org.jspecify.annotations.NullMarked;
