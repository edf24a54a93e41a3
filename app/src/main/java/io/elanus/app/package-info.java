/**
 * The command line: one command with verbs, each in a folder of its own. Bad at: anything that a
 * verb could do itself.
 */
@NullMarked
package io.elanus.app;

import org.jspecify.annotations.NullMarked;
