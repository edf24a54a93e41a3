package io.elanus.sim.run;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Where in the product a thread is, by the names of methods on its stack. */
final class Places {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("Maintenance.sealOne", "seal"),
          Map.entry("Maintenance.merge", "merge"),
          Map.entry("Clustering.move", "clustering"),
          Map.entry("IndexBuilds.build", "index build"),
          Map.entry("Manifest.publish", "manifest"),
          Map.entry("DeletesFile.write", "deletes file"),
          Map.entry("Maintenance.release", "release of old files"),
          Map.entry("LocalLog.truncateBefore", "cut of the log"),
          Map.entry("LocalLog.fileFor", "new log file"),
          Map.entry("LocalLog.lead", "log write"),
          Map.entry("LogRecovery.run", "log recovery"),
          Map.entry("WritePath.recover", "recovery"),
          Map.entry("Shards.revive", "revival of a shard"),
          Map.entry("Shards.drop", "drop of a collection"),
          Map.entry("Shards.removeDropped", "removal of dropped collections"),
          Map.entry("LocalPartitions.drop", "drop of a partition"),
          Map.entry("LocalCollections.create", "creation of a collection"),
          Map.entry("WritePath.close", "close"),
          Map.entry("WritePath.acknowledge", "wait for durability"));

  private Places() {}

  static Set<String> of(Thread thread) {
    Set<String> places = new LinkedHashSet<>();
    for (StackTraceElement frame : thread.getStackTrace()) {
      String type = frame.getClassName();
      String name =
          NAMES.get(type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName());
      if (name != null) {
        places.add(name);
      }
    }
    return places;
  }
}
