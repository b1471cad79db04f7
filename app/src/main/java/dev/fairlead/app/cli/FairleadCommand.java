package dev.fairlead.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.app.up.UpCommand;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root of the command line. `line` makes one that is ready to execute.
@Command(
    name = "fairlead",
    description = "Serves language models over the OpenAI API.",
    versionProvider = FairleadCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Commands talk to the Fairlead on this machine; of several, --port chooses one.",
      "Exit codes: 0 it worked, 1 it failed, 2 what was typed or a file is not valid.",
      "",
      "Environment:",
      "  FAIRLEAD_CACHE     the folder where engines and models are kept,",
      "                     else $XDG_CACHE_HOME/fairlead, else ~/.cache/fairlead",
      "  LLAMA_SERVER       a llama-server instead of the one that `up` fetches",
      "  FAIRLEAD_API_KEY   the key that `chat` sends, where the port asks for one",
      "  FAIRLEAD_CONFIG    the configuration that `up` reads, where --config names none,",
      "                     else $XDG_CONFIG_HOME/fairlead/fairlead.yaml,",
      "                     else ~/.config/fairlead/fairlead.yaml, if it is there",
      "  FAIRLEAD_STATE     the folder where running instances are written down,",
      "                     else $XDG_STATE_HOME/fairlead,",
      "                     else ~/.local/state/fairlead"
    },
    subcommands = {
      UpCommand.class,
      GetCommand.class,
      DescribeCommand.class,
      ChatCommand.class,
      LogsCommand.class,
      TopCommand.class,
      WhyCommand.class,
      UsageCommand.class,
      ApplyCommand.class,
      DeleteCommand.class,
      ScaleCommand.class,
      TenantCommand.class,
      ValidateCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    })
public final class FairleadCommand implements Runnable {
  private final CliEnvironment environment;

  @SuppressWarnings("UnusedVariable") // picocli reads the annotation
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // picocli reads the annotation
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  private FairleadCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  /// The whole command line; `execute` gives the exit code. Further subcommands may be added.
  public static CommandLine line(CliEnvironment environment) {
    var line = new CommandLine(new FairleadCommand(environment), new Commands(environment));
    return line.setOut(new PrintWriter(environment.out(), true, UTF_8))
        .setErr(new PrintWriter(environment.err(), true, UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, _) -> Errors.usage(e, environment.err()))
        .setExecutionExceptionHandler((e, _, _) -> Errors.failure(e, environment.err()));
  }

  @Override
  public void run() {
    spec.commandLine().usage(environment.out());
  }

  /// Gives each command its environment.
  private record Commands(CliEnvironment environment) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      Optional<Constructor<?>> constructor =
          Arrays.stream(type.getDeclaredConstructors())
              .filter(one ->
                  Arrays.equals(one.getParameterTypes(), new Class<?>[] {CliEnvironment.class}))
              .findAny();
      if (constructor.isPresent()) {
        return type.cast(constructor.get().newInstance(environment));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /// Says which version this is.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {VersionCommand.line()};
    }
  }
}
