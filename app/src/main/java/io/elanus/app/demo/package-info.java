/**
 * {@code elanus demo}. Question answered: what does it feel like to search real text here? Reads
 * javadoc, embeds it in process, speaks to a server as any client does. Bad at: other corpora.
 */
@NullMarked
package io.elanus.app.demo;

import org.jspecify.annotations.NullMarked;
