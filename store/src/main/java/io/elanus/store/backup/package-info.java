/**
 * Backups: files by their SHA-256, shared by all backups of a place, and one small record per
 * backup, published last. Question answered: how does a state leave the machine, and come back bit
 * for bit? Bad at: large files of which little changed, which are copied whole; two writers of one
 * place, whom the caller keeps apart.
 */
@NullMarked
package io.elanus.store.backup;

import org.jspecify.annotations.NullMarked;
