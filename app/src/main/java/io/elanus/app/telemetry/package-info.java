/**
 * Where do spans go?
 *
 * <p>Stands beside the walk: starts OpenTelemetry's SDK where a receiver is named, and nothing of
 * it where none is. Bad at metrics, which are scraped.
 */
@NullMarked
package io.elanus.app.telemetry;

import org.jspecify.annotations.NullMarked;
