package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.app.control.ControlClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `fairlead describe`.
@Command(
    name = "describe",
    description =
        "Tells all about a model, a version or a tenant: what was asked for, what is, the replicas, the last"
            + " events, and what to do.")
final class DescribeCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(
      paramLabel = "NAME",
      description = "A model, by any of its names, a version or a tenant.")
  private String name = "";

  DescribeCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ControlClient client = target.connect(environment)) {
      Overview overview = Overview.of(client.overview());
      Optional<Overview.Model> model = overview.model(name);
      Optional<Overview.Version> version = overview.version(name);
      Optional<Overview.Tenant> tenant = overview.tenant(name);
      if (model.isEmpty() && version.isEmpty() && tenant.isEmpty()) {
        throw Selection.unknown(name, overview);
      }
      List<JsonNode> resources = client.resources("", "");
      List<JsonNode> events = client.events(0);
      var description = new Description(overview, resources, events);
      if (model.isPresent()) {
        environment.out().print(description.ofModel(model.get()));
      } else if (version.isPresent()) {
        environment.out().print(description.ofVersion(version.get()));
      } else {
        environment
            .out()
            .print(description.ofTenant(tenant.orElseThrow(), client.tenantKeys(name)));
      }
    }
    return 0;
  }
}
