/**
 * Time. Question answered: which timestamp comes next? Every write and strong read asks. Bad at:
 * telling the time; after a restart it runs up to three seconds ahead of the clock.
 */
@NullMarked
package io.elanus.store.time;

import org.jspecify.annotations.NullMarked;
