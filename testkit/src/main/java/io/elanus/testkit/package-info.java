@NullMarked
package io.elanus.testkit;

import org.jspecify.annotations.NullMarked;
