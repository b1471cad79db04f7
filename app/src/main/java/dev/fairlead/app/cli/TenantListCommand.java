package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.app.control.ControlClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `fairlead tenant list`.
@Command(name = "list", description = "Lists the tenants with their limits.")
final class TenantListCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();
  @Mixin private final ListForm form = new ListForm();

  TenantListCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ControlClient client = target.connect(environment)) {
      JsonNode overview = client.overview();
      if (form.json()) {
        environment.out().println(overview.path("tenants").toPrettyString());
        return 0;
      }
      Overview seen = Overview.of(overview);
      if (seen.tenants().isEmpty()) {
        environment.err().println("no tenants yet: add one with `fairlead apply -f FILE`");
      } else {
        environment.out().print(Tables.tenants(seen.tenants(), seen.time()).text());
      }
    }
    return 0;
  }
}
