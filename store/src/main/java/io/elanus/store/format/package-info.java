/**
 * What all files share. Question answered: is this file of the kind and version I expect, and are
 * its bytes as they were written? Bad at: repairing.
 */
@NullMarked
package io.elanus.store.format;

import org.jspecify.annotations.NullMarked;
