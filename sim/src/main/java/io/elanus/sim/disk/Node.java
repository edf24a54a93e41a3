package io.elanus.sim.disk;

/** What a folder's entry points at. */
sealed interface Node permits StoredFile, StoredFolder {}
