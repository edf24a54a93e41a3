/**
 * From documents to cited answers: ingest, chunk, embed, retrieve, answer.
 *
 * <p>Knows {@code model.Database} and nothing below it; what it needs of the machine beside (the
 * object store, secrets, a child process) comes through ports that {@code app} fills. What it
 * exports are the routes of {@code /v1/}, which {@code app} mounts behind the guard.
 */
@NullMarked
package io.elanus.rag;

import org.jspecify.annotations.NullMarked;
