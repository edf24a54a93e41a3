@NullMarked
package io.elanus.engine;

import org.jspecify.annotations.NullMarked;
