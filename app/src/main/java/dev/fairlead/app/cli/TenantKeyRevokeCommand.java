package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead tenant key revoke`.
@Command(
    name = "revoke",
    description = {
      "Ends a key, at once or after a while.",
      "Requests that run are finished. A key of a resource is taken out there."
    })
final class TenantKeyRevokeCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(index = "0", paramLabel = "TENANT", description = "The name of the Tenant.")
  private String tenant = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the key.")
  private String name = "";

  @Option(
      names = "--after",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description =
          "How long it stays valid, such as 24h or 7d: time to spread its successor. A key that"
              + " expires earlier does so. Default: at once")
  private String after = "0s";

  TenantKeyRevokeCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Duration wait =
        Lifetimes.duration(after)
            .orElseThrow(() ->
                CliException.usage(
                    "--after is a duration such as `24h` or `7d`, not `%s`".formatted(after)));
    try (ControlClient client = target.connect(environment)) {
      environment.out().println(client.revokeTenantKey(tenant, name, wait));
    }
    return 0;
  }
}
