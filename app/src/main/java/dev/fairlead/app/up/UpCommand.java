package dev.fairlead.app.up;

import dev.fairlead.artifacts.failure.ArtifactException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead up`.
@Command(
    name = "up",
    description = {
      "Serves models on this machine until Ctrl-C.",
      "Without arguments it serves a toy model to try things with."
    })
public final class UpCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE.gguf|URL",
      description =
          "A model's file, where to fetch it (https://…/model.gguf), or a server with the OpenAI API"
              + " whose models are served on (http://127.0.0.1:11434).")
  private List<String> models = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR",
      description = "YAML with Models and ModelVersions. Edits are taken up while running.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML with the configuration. Default: $FAIRLEAD_CONFIG, else"
              + " ~/.config/fairlead/fairlead.yaml if it is there.")
  private @Nullable Path configuration;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where the OpenAI API and the console listen. Default: listen.port of the configuration,"
              + " else 8080")
  private @Nullable Integer port;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description =
          "The address to listen on. Another than loopback asks clients for an API key, which is"
              + " made and shown once. Default: listen.address of the configuration, else"
              + " 127.0.0.1")
  private @Nullable String listen;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The folder that stands for /models in the YAML.")
  private @Nullable Path modelsDirectory;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description = "The folder with the secrets that the YAML names, a folder each.")
  private @Nullable Path secretsDirectory;

  @Option(
      names = "--print-yaml",
      description = "Prints the YAML of what would be served, and ends.")
  private boolean printYaml;

  @Override
  public Integer call() {
    UpSession.Request request =
        new UpSession.Request(
            models,
            files,
            new UpSession.Asked(Optional.ofNullable(listen), Optional.ofNullable(port)),
            Optional.ofNullable(modelsDirectory),
            Optional.ofNullable(secretsDirectory),
            Optional.ofNullable(configuration),
            printYaml);
    try {
      return new UpSession(request, System.out, System.err).run();
    } catch (StartException e) {
      System.err.println("fairlead: " + e.getMessage());
      return e.exitCode();
    } catch (ArtifactException e) {
      System.err.println("fairlead: " + e.getMessage());
      return 1;
    }
  }
}
