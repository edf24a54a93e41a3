/**
 * {@code elanus demo}. Question answered: what does it feel like to ask real documents here? Reads
 * javadoc, hands it to a server's ingestion and asks as any client does. Bad at: other corpora.
 */
@NullMarked
package io.elanus.app.demo;

import org.jspecify.annotations.NullMarked;
