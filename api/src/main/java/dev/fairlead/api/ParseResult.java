package dev.fairlead.api;

import java.util.List;
import java.util.Map;

/// What was read, and everything that is wrong with it. A resource with a problem is not among
/// `resources`. `origins` has the place of each resource.
public record ParseResult(
    List<Resource> resources, List<Problem> problems, Map<ResourceKey, Origin> origins) {
  public ParseResult {
    resources = List.copyOf(resources);
    problems = List.copyOf(problems);
    origins = Map.copyOf(origins);
  }

  public boolean hasErrors() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
