@NullMarked
package io.elanus.server;

import org.jspecify.annotations.NullMarked;
