package dev.fairlead.lab.canary;

import dev.fairlead.lab.harness.Control;
import dev.fairlead.lab.harness.FairleadProcess;
import dev.fairlead.lab.harness.Fairleads;
import dev.fairlead.lab.harness.Finished;
import dev.fairlead.lab.harness.OpenAi;
import dev.fairlead.lab.harness.Streamed;
import dev.fairlead.testkit.ListeningPorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Collects everything that a running Fairlead tells or keeps. Used by one thread.
final class Sinks {
  private final FairleadProcess fairlead;
  private final OpenAi door;
  private final Fairleads fairleads;
  private final String model;
  private final List<Sink> all = new ArrayList<>();

  /// @param model the name of a model that runs
  Sinks(FairleadProcess fairlead, OpenAi door, Fairleads fairleads, String model) {
    this.fairlead = fairlead;
    this.door = door;
    this.fairleads = fairleads;
    this.model = model;
  }

  List<Sink> collect(Path accessLog, CollectorStub collector, List<String> requestIds)
      throws IOException {
    all.add(new Sink("standard output", fairlead.out()));
    all.add(new Sink("standard error", fairlead.err()));
    all.add(Sink.ofBytes("access log", Files.readAllBytes(accessLog)));
    all.add(Sink.ofBytes("traces", collector.received()));
    control(requestIds);
    console();
    commands();
    agents();
    files();
    return List.copyOf(all);
  }

  private void control(List<String> requestIds) {
    Control control = fairlead.control();
    all.add(new Sink("metrics", control.metrics()));
    for (String path : new String[] {"overview", "events", "resources", "requests?since=3600"}) {
      all.add(new Sink(path, control.client().get("/fairlead/v1/" + path).body()));
    }
    StringBuilder records = new StringBuilder();
    for (String id : requestIds) {
      records.append(control.client().get("/fairlead/v1/requests?id=" + id).body()).append('\n');
    }
    all.add(new Sink("requests by id", records.toString()));
  }

  private void console() {
    all.add(new Sink("the console's overview", door.get("/fairlead/v1/overview").body()));
    try (Streamed watch = door.watch()) {
      var _ = watch.awaitLine("an overview", line -> line.text().contains("versions"));
      all.add(new Sink("the console's stream", watch.toString()));
    }
  }

  private void commands() {
    for (String command :
        new String[] {
          "why --slow --since 1h",
          "describe MODEL",
          "get models -o yaml",
          "top",
          "tenant key list team",
          "usage --by tenant,key,model,version"
        }) {
      Finished finished = fairleads.run(command.replace("MODEL", model).split(" ", -1));
      all.add(new Sink("fairlead " + command, finished.all()));
    }
  }

  private void agents() {
    for (int port : ListeningPorts.of(fairlead.pid())) {
      if (port != fairlead.port() && port != fairlead.control().port()) {
        OpenAi agent = new OpenAi(URI.create("http://127.0.0.1:" + port), Optional.empty());
        all.add(new Sink("an agent's metrics", agent.get("/metrics").body()));
      }
    }
  }

  private void files() throws IOException {
    Path state = fairleads.folder().resolve("state");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.add(Sink.ofBytes("state/" + state.relativize(file), Files.readAllBytes(file)));
      }
    }
  }
}
