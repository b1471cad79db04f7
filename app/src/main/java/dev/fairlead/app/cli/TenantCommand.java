package dev.fairlead.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `fairlead tenant`.
@Command(
    name = "tenant",
    description = {
      "Looks at tenants and their keys.",
      "Tenants are resources: `apply` and `delete` make and end them, `up -f` reads them."
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    subcommands = {TenantListCommand.class, TenantKeyCommand.class})
final class TenantCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
