/**
 * Which paths does REST have for rows: insert, upsert, delete, query, get, search?
 *
 * <p>Stands between the HTTP door and the calls, as its sibling {@code catalog} does. Asks for the
 * collection's schema first wherever JSON cannot be read without it.
 */
@NullMarked
package io.elanus.server.wire.rest.entities;

import org.jspecify.annotations.NullMarked;
