package dev.fairlead.app.cli;

import dev.fairlead.app.control.ControlClient;
import dev.fairlead.app.control.Instance;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which Fairlead a command talks to.
final class Target {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The public port of the Fairlead on this machine, when several run.")
  private @Nullable Integer port;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "A cluster instead of this machine. Not supported yet.")
  private @Nullable String context;

  /// The instance that is meant.
  Instance instance(CliEnvironment environment) {
    if (context != null) {
      throw CliException.usage("clusters are not supported yet: leave --context away");
    }
    Integer wanted = port;
    return environment
        .instances()
        .find(wanted == null ? OptionalInt.empty() : OptionalInt.of(wanted));
  }

  /// A client of its control port, which the caller closes.
  ControlClient connect(CliEnvironment environment) {
    return new ControlClient(instance(environment));
  }
}
