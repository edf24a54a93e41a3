package io.elanus.store.object.s3;

/**
 * An object that is being put in parts.
 *
 * @param mark that its metadata will have; tells it from another's under the same key
 */
record S3Upload(String key, String id, String mark) {}
