@NullMarked
package io.elanus.kernel;

import org.jspecify.annotations.NullMarked;
