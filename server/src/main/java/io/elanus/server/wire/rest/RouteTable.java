package io.elanus.server.wire.rest;

import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.catalog.CatalogRoutes;
import io.elanus.server.wire.rest.entities.EntityRoutes;
import io.elanus.server.wire.rest.route.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every path of REST, and what is behind it. */
final class RouteTable {
  private static final int PATH_LENGTH_MAX = 200;

  private final Map<String, Route> routes = new HashMap<>();

  RouteTable(MilvusCalls calls) {
    List<Route> all = new ArrayList<>();
    all.addAll(CatalogRoutes.of(calls));
    all.addAll(EntityRoutes.of(calls));
    all.addAll(UnofferedRoutes.routes());
    for (Route route : all) {
      if (routes.put(route.path(), route) != null) {
        throw new IllegalStateException("two handlers for " + route.path());
      }
    }
  }

  @Nullable Route find(String path) {
    return routes.get(path);
  }

  /** The path that is spelled most like this one. */
  String nearest(String path) {
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
