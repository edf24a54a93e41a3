/**
 * Bytes at rest. Question answered: how does something reach the disk whole, and come back as it
 * was? Below the engine on both walks; knows nothing of rows. Bad at: anything remote but backups.
 */
@NullMarked
package io.elanus.store;

import org.jspecify.annotations.NullMarked;
