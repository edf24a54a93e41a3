/**
 * An S3 server for tests. Question answered: does what speaks to an object store work against one
 * that was not written by us? Beside every walk; shipped with nothing. Bad at: everything that only
 * Amazon's own does (its errors of regions, its conditional writes under race).
 */
@NullMarked
package io.elanus.bucket;

import org.jspecify.annotations.NullMarked;
