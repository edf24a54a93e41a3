@NullMarked
package io.elanus.bench;

import org.jspecify.annotations.NullMarked;
