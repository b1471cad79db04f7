package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.RouteTable;
import dev.fairlead.dataplane.openai.ApiError;
import dev.fairlead.dataplane.openai.ModelList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that a tenant may know of. What it may not use does not exist for it: the same
/// answer, without its name. Whoever may use a served name may use its aliases; an alias alone can
/// be allowed too, and then stands for itself. Immutable; safe for every thread.
record VisibleModels(RouteTable table, Tenant tenant) {

  /// The route of a name that may be used.
  Optional<Route> find(String name) {
    return table
        .find(name)
        .filter(route -> tenant.mayUse(route.servedName()) || tenant.mayUse(name));
  }

  /// Every name that can be asked for: programs offer their users what is listed.
  ModelList list() {
    return new ModelList(
        table.routes().stream()
            .flatMap(route -> names(route).map(name -> new ModelList.Entry(name, route.created())))
            .toList());
  }

  Optional<ModelList.Entry> entry(String name) {
    return find(name)
        .map(route ->
            new ModelList.Entry(
                tenant.mayUse(route.servedName()) ? route.servedName() : name, route.created()));
  }

  /// The answer to a name that is not served, or not to this tenant.
  ApiError unknown(String name) {
    return ApiError.unknownModel(name, mainNames());
  }

  private List<String> mainNames() {
    return table.routes().stream()
        .flatMap(route ->
            tenant.mayUse(route.servedName()) ? Stream.of(route.servedName()) : names(route))
        .toList();
  }

  private Stream<String> names(Route route) {
    return Stream.concat(Stream.of(route.servedName()), route.aliases().stream())
        .filter(name -> tenant.mayUse(route.servedName()) || tenant.mayUse(name));
  }
}
