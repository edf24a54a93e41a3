/**
 * The native library. Question answered: which C functions can this process call, and how? Below
 * every native kernel. Knows names and signatures, no arithmetic. Bad at: more than one library.
 */
@NullMarked
package io.elanus.kernel.library;

import org.jspecify.annotations.NullMarked;
