package dev.fairlead.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `fairlead tenant key`.
@Command(
    name = "key",
    description = "Makes, lists and ends the keys of a tenant. They take effect at once.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "To rotate a key, make the next one, spread it, and end the old one:",
      "  fairlead tenant key create team-a --name spring",
      "  fairlead tenant key revoke team-a winter --after 24h"
    },
    subcommands = {
      TenantKeyCreateCommand.class,
      TenantKeyListCommand.class,
      TenantKeyRevokeCommand.class
    })
final class TenantKeyCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
