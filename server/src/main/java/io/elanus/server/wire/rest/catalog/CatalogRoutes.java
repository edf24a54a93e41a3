package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.route.Route;
import java.util.List;
import java.util.stream.Stream;

/** All paths of this folder. */
public final class CatalogRoutes {
  private CatalogRoutes() {}

  public static List<Route> of(MilvusCalls calls) {
    return Stream.of(
            new CollectionRoutes(calls).routes(),
            new CreationRoutes(calls).routes(),
            new DescriptionRoutes(calls).routes(),
            new LoadRoutes(calls.loads()).routes(),
            new JobRoutes(calls.jobs()).routes(),
            new DatabaseRoutes(calls.databases()).routes(),
            new PartitionRoutes(calls).routes(),
            new IndexRoutes(calls.indexes()).routes(),
            new AliasRoutes(calls.aliases()).routes(),
            new TextRoutes(calls.texts()).routes())
        .flatMap(List::stream)
        .toList();
  }
}
