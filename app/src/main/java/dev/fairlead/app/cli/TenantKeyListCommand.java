package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.app.control.ControlClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `fairlead tenant key list`.
@Command(
    name = "list",
    description = {
      "Lists the keys of a tenant, those of its resource included.",
      "The last use is exact to the second while Fairlead runs, and to the minute after a crash."
    })
final class TenantKeyListCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();
  @Mixin private final ListForm form = new ListForm();

  @Parameters(paramLabel = "TENANT", description = "The name of the Tenant.")
  private String tenant = "";

  TenantKeyListCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ControlClient client = target.connect(environment)) {
      List<JsonNode> keys = client.tenantKeys(tenant);
      if (form.json()) {
        environment
            .out()
            .println(JsonNodeFactory.instance.arrayNode().addAll(keys).toPrettyString());
      } else if (keys.isEmpty()) {
        environment
            .err()
            .println("no keys yet: make one with `fairlead tenant key create " + tenant + "`");
      } else {
        environment.out().print(Tables.keys(keys).text());
      }
    }
    return 0;
  }
}
