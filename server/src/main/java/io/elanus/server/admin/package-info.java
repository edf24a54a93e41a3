/**
 * Is the server well, and what has it done?
 *
 * <p>Beside every walk: a small HTTP port of its own for probes and Prometheus, and the meters that
 * the doors feed. Knows no call by its meaning. Bad at history: it says what is, Prometheus keeps
 * what was.
 */
@NullMarked
package io.elanus.server.admin;

import org.jspecify.annotations.NullMarked;
