package dev.fairlead.app.up;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.Resources;
import dev.fairlead.app.config.Configuration;
import dev.fairlead.app.config.ConfigurationFile;
import dev.fairlead.app.config.ConfigurationPath;
import dev.fairlead.app.config.Listen;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.config.Servers;
import dev.fairlead.app.config.Tls;
import dev.fairlead.app.control.Instance;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.Processes;
import dev.fairlead.app.control.ProductVersion;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.app.telemetry.Telemetry;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.dataplane.net.Tokens;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Console;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// One run of `fairlead up`, in its order: what is wrong with the input is said before anything is
/// fetched, what cannot be fetched before anything listens.
final class UpSession {
  private final Request request;
  private final PrintStream out;
  private final PrintStream err;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Openings openings;
  private final boolean terminal =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

  /// What the user asked for.
  record Request(
      List<String> models,
      List<Path> files,
      Asked door,
      Optional<Path> modelsDirectory,
      Optional<Path> secretsDirectory,
      Optional<Path> configuration,
      boolean printYaml) {
    Request {
      models = List.copyOf(models);
      files = List.copyOf(files);
    }
  }

  /// What the command line says of the public door, where it says something.
  record Asked(Optional<String> address, Optional<Integer> port) {
    /// The door, by the command line before the configuration.
    Listen over(Listen configured) {
      return new Listen(address.orElse(configured.address()), port.orElse(configured.port()));
    }
  }

  UpSession(Request request, PrintStream out, PrintStream err) {
    this.request = request;
    this.out = out;
    this.err = err;
    openings = new Openings(out, random, clock);
  }

  int run() {
    LiveConfiguration configuration = configuration();
    Wanted wanted =
        Wanted.of(
            request.models(),
            request.files(),
            () -> Openings.toServers(configuration.get(Servers.SECTION)));
    ParseResult resources = wanted.read();
    tell(resources.problems());
    ignored(resources);
    if (request.printYaml()) {
      out.print(Wanted.yaml(resources));
      return 0;
    }
    // Looked at here, for what is wrong with it shall be said before anything is fetched.
    var _ = Openings.toServers(configuration.get(Servers.SECTION));
    Listen door = request.door().over(configuration.get(Listen.SECTION));
    boolean loopback = Listeners.Doors.isLoopback(door.address());
    Ports.check(door.address(), door.port());
    int controlPort = Ports.free(door.port() + 1);
    Optional<DoorCertificate> certificate =
        configuration.get(Tls.SECTION).files().map(files -> new DoorCertificate(files, clock));
    out.printf("Fairlead %s%n", ProductVersion.current());
    configuration.file().ifPresent(file -> out.printf("configuration: %s%n", file));

    StateFolder state = StateFolder.of(System.getenv(), Path.of(System.getProperty("user.home")));
    KeyStore tenantKeys = Openings.tenantKeys(state);
    Machine machine = new Machine(System.getenv(), out, terminal);
    PrometheusRegistry metrics = new PrometheusRegistry();
    try (Telemetry telemetry = openings.telemetry(metrics, configuration, door);
        UsageLedger usage = openings.usage(configuration, state, metrics);
        LocalFairlead fairlead =
            fairlead(
                new Parts(machine, metrics, controlPort, configuration, tenantKeys, usage),
                telemetry,
                resources)) {
      prepare(fairlead, wanted);
      Instances instances = new Instances(state, Processes.ofThisMachine());
      try (Instances.Registration registration =
          instances.register(ProcessHandle.current().pid(), random)) {
        Optional<Tokens> keys = loopback ? Optional.empty() : Optional.of(openings.keys(state));
        Listeners listeners =
            Openings.listen(
                fairlead,
                metrics,
                new Listeners.Doors(
                    door,
                    controlPort,
                    keys,
                    Tokens.of(List.of(registration.token())),
                    certificate.map(DoorCertificate::tls)));
        configuration.onChange(listeners::configured);
        fairlead.start();
        String url = url(certificate.isPresent() ? "https" : "http", door);
        Instance instance =
            registration.announce(
                door.port(),
                URI.create(url),
                URI.create("http://127.0.0.1:" + controlPort),
                certificate.map(DoorCertificate::file));
        new Greeting(url, fairlead.resolved().models(), instance.tokenFile())
            .print(out, loopback, wanted.demo());
        ConfigurationEdits edits =
            new ConfigurationEdits(configuration, certificate, fairlead.journal(), err::println);
        return new Serving(
                new Serving.Parts(fairlead, wanted, listeners, registration, edits), out, err)
            .untilStopped();
      }
    }
  }

  /// What a local Fairlead is made of beside its resources.
  private record Parts(
      Machine machine,
      PrometheusRegistry metrics,
      int controlPort,
      LiveConfiguration configuration,
      KeyStore tenantKeys,
      UsageLedger usage) {}

  private LocalFairlead fairlead(Parts parts, Telemetry telemetry, ParseResult resources) {
    EngineCommand program = new EngineCommand(parts.machine(), out);
    if (Resources.needsEngine(resources.resources())) {
      var _ = program.get();
    }
    LocalFairlead fairlead =
        Openings.local(
            new LocalFairlead.Settings(
                ProductVersion.current(),
                program,
                request.modelsDirectory(),
                request.secretsDirectory(),
                Path.of("").toAbsolutePath(),
                "http://127.0.0.1:" + parts.controlPort(),
                parts.machine().models(),
                parts.metrics(),
                clock,
                random,
                parts.configuration(),
                parts.tenantKeys(),
                telemetry.sinks(),
                parts.usage()));
    List<Problem> problems = fairlead.files(resources);
    if (problems.stream().anyMatch(Problem::isError)) {
      fairlead.close();
      tell(problems);
    }
    return fairlead;
  }

  private void ignored(ParseResult resources) {
    for (Resource resource : resources.resources()) {
      List<String> fields = Resources.ignoredLocally(resource);
      if (!fields.isEmpty()) {
        err.printf(
            "note: %s: these do nothing on one machine: %s%n",
            resource.key(), String.join(", ", fields));
      }
    }
  }

  private LiveConfiguration configuration() {
    Path home = Path.of(System.getProperty("user.home"));
    Optional<Path> file =
        request.configuration().or(() -> ConfigurationPath.find(System.getenv(), home));
    if (file.isEmpty()) {
      return LiveConfiguration.fixed(Configuration.defaults());
    }
    ConfigurationFile.Read read = ConfigurationFile.read(file.get());
    tell(read.problems());
    return LiveConfiguration.following(file.get(), read.configuration().orElseThrow());
  }

  /// Prints what is wrong; ends the command when it is an error.
  private void tell(List<Problem> problems) {
    problems.forEach(problem -> err.println(problem.text()));
    long errors = problems.stream().filter(Problem::isError).count();
    if (errors > 0) {
      throw new StartException(
          2,
          "nothing was started: correct %s above, then try again"
              .formatted(errors == 1 ? "the error" : "the %d errors".formatted(errors)));
    }
  }

  private void prepare(LocalFairlead fairlead, Wanted wanted) {
    TerminalProgress progress = new TerminalProgress(err, terminal);
    int usable = 0;
    String last = "";
    for (VersionSpec version : fairlead.resolved().versions()) {
      switch (fairlead.prepare(version, progress)) {
        case Preparation.Unusable(String reason, String message) -> {
          last = message;
          if (!wanted.oneLine()) {
            err.printf("%s cannot be served (%s): %s%n", version.name(), reason, message);
          }
        }
        case Preparation.Prepared prepared -> {
          Optional<String> shortage = fairlead.shortage(prepared);
          if (wanted.oneLine() && shortage.isPresent()) {
            throw new StartException(1, version.name() + ": " + shortage.orElseThrow());
          }
          usable++;
        }
        case Preparation.Running _, Preparation.Unknown _ -> usable++;
      }
    }
    boolean nothing = usable == 0 && !fairlead.resolved().versions().isEmpty();
    if (nothing || (wanted.oneLine() && !last.isEmpty())) {
      throw new StartException(1, last);
    }
  }

  private static String url(String scheme, Listen door) {
    boolean here =
        Listeners.Doors.isLoopback(door.address()) || Listeners.Doors.isWildcard(door.address());
    return "%s://%s:%d".formatted(scheme, here ? "127.0.0.1" : door.address(), door.port());
  }
}
