package io.elanus.server.wire.rest;

import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Paths that Milvus has and this server does not offer yet. They say so. */
final class UnofferedRoutes {
  private static final Map<String, List<String>> PATHS =
      Map.of(
          "/users/",
          List.of(
              "list", "describe", "create", "update_password", "drop", "grant_role", "revoke_role"),
          "/roles/",
          List.of(
              "list",
              "describe",
              "create",
              "drop",
              "alter",
              "grant_privilege",
              "revoke_privilege",
              "grant_privilege_v2",
              "revoke_privilege_v2"),
          "/privilege_groups/",
          List.of(
              "create", "drop", "list", "add_privileges_to_group", "remove_privileges_from_group"),
          "/collections/",
          List.of(
              "add_function",
              "alter_function",
              "drop_function",
              "add_function_field",
              "drop_function_field",
              "fields/drop",
              "struct_fields/add"),
          "/jobs/import/",
          List.of("list", "create", "describe", "get_progress", "commit", "abort"),
          "/jobs/snapshot/",
          List.of("restore_external", "export", "describe", "list"),
          "/jobs/external_collection/",
          List.of("refresh", "describe", "list"),
          "/resource_groups/",
          List.of("create", "drop", "alter", "describe", "list", "transfer_replica"),
          "/file_resources/",
          List.of("add", "remove", "list"),
          "/",
          List.of("segments/describe", "quotacenter/describe"));

  private UnofferedRoutes() {}

  static List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    PATHS.forEach(
        (folder, actions) ->
            actions.forEach(
                action -> routes.add(new Route(folder + action, "", refusal(folder + action)))));
    return routes;
  }

  private static Route.Handler refusal(String path) {
    return request -> {
      throw new RestException(
          RestException.Code.UNIMPLEMENTED,
          "the path " + path + " is not offered by this server yet");
    };
  }
}
