/**
 * {@code elanus backup}, {@code restore}, {@code doctor}, {@code export}: how does data leave, come
 * back, and is it well? Each is a command line over a door of another room. Bad at: places other
 * than folders and buckets.
 */
@NullMarked
package io.elanus.app.backup;

import org.jspecify.annotations.NullMarked;
