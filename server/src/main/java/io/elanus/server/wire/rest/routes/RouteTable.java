package io.elanus.server.wire.rest.routes;

import io.elanus.server.wire.calls.MilvusCalls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every path of REST, and what is behind it. */
public final class RouteTable {
  private static final int PATH_LENGTH_MAX = 200;

  private final Map<String, Route> routes = new HashMap<>();

  public RouteTable(MilvusCalls calls) {
    List<Route> all = new ArrayList<>();
    all.addAll(new CollectionRoutes(calls).routes());
    all.addAll(new CreationRoutes(calls).routes());
    all.addAll(new DescriptionRoutes(calls).routes());
    all.addAll(new LoadRoutes(calls.loads()).routes());
    all.addAll(new JobRoutes(calls.jobs()).routes());
    all.addAll(new DatabaseRoutes(calls.databases()).routes());
    all.addAll(new PartitionRoutes(calls).routes());
    all.addAll(new IndexRoutes(calls.indexes()).routes());
    all.addAll(new AliasRoutes(calls.aliases()).routes());
    all.addAll(new WriteRoutes(calls).routes());
    all.addAll(new QueryRoutes(calls).routes());
    all.addAll(new SearchRoutes(calls).routes());
    all.addAll(UnofferedRoutes.routes());
    for (Route route : all) {
      if (routes.put(route.path(), route) != null) {
        throw new IllegalStateException("two handlers for " + route.path());
      }
    }
  }

  public @Nullable Route find(String path) {
    return routes.get(path);
  }

  /** The path that is spelled most like this one. */
  public String nearest(String path) {
    String asked = path.length() <= PATH_LENGTH_MAX ? path : path.substring(0, PATH_LENGTH_MAX);
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String known : routes.keySet()) {
      int distance = distance(asked, known);
      if (distance < least || (distance == least && known.compareTo(best) < 0)) {
        least = distance;
        best = known;
      }
    }
    return best;
  }

  /** Levenshtein's edit distance, in two rows. */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
