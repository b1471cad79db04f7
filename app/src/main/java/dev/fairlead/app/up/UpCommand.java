package dev.fairlead.app.up;

import dev.fairlead.app.telemetry.AccessLogTarget;
import dev.fairlead.app.telemetry.Telemetry;
import dev.fairlead.app.telemetry.TraceExport;
import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.dataplane.telemetry.SamplingRatio;
import java.net.URI;
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
      description = "A model's file, or where to fetch it (https://…/model.gguf).")
  private List<String> models = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR",
      description = "YAML with Models and ModelVersions. Edits are taken up while running.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Where the OpenAI API and the console listen. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on. Another than loopback asks clients for an API key, which is"
              + " made and shown once. Default: ${DEFAULT-VALUE}")
  private String listen = "127.0.0.1";

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The folder that stands for /models in the YAML.")
  private @Nullable Path modelsDirectory;

  @Option(
      names = "--access-log",
      paramLabel = "FILE|-",
      description =
          "Writes a line of JSON for every request to a file, or to standard output. Nothing of"
              + " its content is in it. The file may be renamed to rotate it.")
  private @Nullable String accessLog;

  @Option(
      names = "--traces",
      paramLabel = "URL",
      description =
          "Sends spans to an OpenTelemetry collector (OTLP over HTTP), such as"
              + " http://127.0.0.1:4318. Headers for it come in OTEL_EXPORTER_OTLP_HEADERS.")
  private @Nullable URI traces;

  @Option(
      names = "--trace-ratio",
      paramLabel = "SHARE",
      defaultValue = "1",
      description =
          "With --traces: the share of the requests to trace, from 0 to 1. A client that sends"
              + " traceparent decides for itself. Default: ${DEFAULT-VALUE}")
  private double traceRatio = 1;

  @Option(
      names = "--print-yaml",
      description = "Prints the YAML of what would be served, and ends.")
  private boolean printYaml;

  @Override
  public Integer call() {
    try {
      UpSession.Request request =
          new UpSession.Request(
              models,
              files,
              listen,
              port,
              Optional.ofNullable(modelsDirectory),
              printYaml,
              telemetry());
      return new UpSession(request, System.out, System.err).run();
    } catch (StartException e) {
      System.err.println("fairlead: " + e.getMessage());
      return e.exitCode();
    } catch (ArtifactException e) {
      System.err.println("fairlead: " + e.getMessage());
      return 1;
    }
  }

  private Telemetry.Settings telemetry() {
    String headers = System.getenv().getOrDefault(TraceExport.HEADERS, "");
    try {
      return new Telemetry.Settings(
          Optional.ofNullable(accessLog).map(AccessLogTarget::parse),
          Optional.ofNullable(traces)
              .map(url ->
                  new TraceExport(
                      url, TraceExport.headers(headers), new SamplingRatio(traceRatio))));
    } catch (IllegalArgumentException e) {
      throw new StartException(2, "--traces, --trace-ratio: " + e.getMessage());
    }
  }
}
