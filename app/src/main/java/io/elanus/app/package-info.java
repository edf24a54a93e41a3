@NullMarked
package io.elanus.app;

import org.jspecify.annotations.NullMarked;
