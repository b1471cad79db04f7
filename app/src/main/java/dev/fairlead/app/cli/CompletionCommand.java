package dev.fairlead.app.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fairlead completion`.
@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in your shell.",
    footer = {
      "",
      "bash:  echo 'source <(fairlead completion bash)' >> ~/.bashrc",
      "zsh:   echo 'source <(fairlead completion zsh)' >> ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /// The shells that it knows. One script serves both: in zsh it turns on `bashcompinit` itself.
  enum Shell {
    BASH,
    ZSH
  }

  private final CliEnvironment environment;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // checked by picocli, the script is one
  @Parameters(paramLabel = "SHELL", description = "bash or zsh")
  private Shell shell;

  CompletionCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    environment.out().print(AutoComplete.bash("fairlead", spec.root().commandLine()));
    return 0;
  }
}
