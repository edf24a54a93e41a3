/** JSON as plain Java values, read and written without a library: what tests compare by. */
@NullMarked
package io.elanus.testkit.json;

import org.jspecify.annotations.NullMarked;
