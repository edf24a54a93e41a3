@NullMarked
package io.elanus.store;

import org.jspecify.annotations.NullMarked;
