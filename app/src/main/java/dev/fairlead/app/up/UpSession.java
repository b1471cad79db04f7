package dev.fairlead.app.up;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.Resources;
import dev.fairlead.app.config.AccessLogging;
import dev.fairlead.app.config.Configuration;
import dev.fairlead.app.config.ConfigurationFile;
import dev.fairlead.app.config.ConfigurationPath;
import dev.fairlead.app.config.Ledger;
import dev.fairlead.app.config.Listen;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.config.Servers;
import dev.fairlead.app.config.Timeouts;
import dev.fairlead.app.config.Tls;
import dev.fairlead.app.config.Traces;
import dev.fairlead.app.control.ApiKey;
import dev.fairlead.app.control.Instance;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.control.Processes;
import dev.fairlead.app.control.ProductVersion;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.app.telemetry.Telemetry;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.app.terminal.Interrupts;
import dev.fairlead.app.usage.Ledgers;
import dev.fairlead.artifacts.engine.EngineProgram;
import dev.fairlead.artifacts.engine.EngineProgram.Kind;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.plan.Note;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.dataplane.limits.UnfitRedisException;
import dev.fairlead.dataplane.net.ListenException;
import dev.fairlead.dataplane.net.Tokens;
import dev.fairlead.dataplane.tls.ClientTls;
import dev.fairlead.dataplane.tls.TlsException;
import dev.fairlead.engines.host.GpuProbe;
import dev.fairlead.ledger.LedgerException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One run of `fairlead up`, in its order: what is wrong with the input is said before anything is
/// fetched, what cannot be fetched before anything listens.
final class UpSession {
  /// What a shell reports for a program that SIGINT ended.
  private static final int INTERRUPTED = 130;

  private final Request request;
  private final PrintStream out;
  private final PrintStream err;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
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
  }

  int run() {
    LiveConfiguration configuration = configuration();
    Wanted wanted =
        Wanted.of(
            request.models(), request.files(), () -> toServers(configuration.get(Servers.SECTION)));
    ParseResult resources = wanted.read();
    tell(resources.problems());
    ignored(resources);
    if (request.printYaml()) {
      out.print(Wanted.yaml(resources));
      return 0;
    }
    Listen door = request.door().over(configuration.get(Listen.SECTION));
    boolean loopback = Listeners.Doors.isLoopback(door.address());
    Ports.check(door.address(), door.port());
    int controlPort = Ports.free(door.port() + 1);
    Optional<DoorCertificate> certificate =
        configuration.get(Tls.SECTION).files().map(files -> new DoorCertificate(files, clock));
    out.printf("Fairlead %s%n", ProductVersion.current());
    configuration.file().ifPresent(file -> out.printf("configuration: %s%n", file));

    StateFolder state = StateFolder.of(System.getenv(), Path.of(System.getProperty("user.home")));
    KeyStore tenantKeys = tenantKeys(state);
    Machine machine = new Machine(System.getenv(), out, terminal);
    PrometheusRegistry metrics = new PrometheusRegistry();
    try (Telemetry telemetry = telemetry(metrics, configuration, door);
        UsageLedger usage = usage(configuration, state, metrics);
        LocalFairlead fairlead =
            fairlead(
                new Parts(machine, metrics, controlPort, configuration, tenantKeys, usage),
                telemetry,
                resources)) {
      prepare(fairlead, wanted);
      Instances instances = new Instances(state, Processes.ofThisMachine());
      try (Instances.Registration registration =
          instances.register(ProcessHandle.current().pid(), random)) {
        Optional<Tokens> keys = loopback ? Optional.empty() : Optional.of(keys(state));
        Listeners listeners =
            listen(
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
        return serve(fairlead, wanted, new Serving(listeners, registration, edits));
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

  private Telemetry telemetry(
      PrometheusRegistry metrics, LiveConfiguration configuration, Listen door) {
    try {
      return Telemetry.start(
          Telemetry.Settings.of(
              configuration.get(AccessLogging.SECTION), configuration.get(Traces.SECTION)),
          new Telemetry.Source(
              ProductVersion.current(),
              InetSocketAddress.createUnresolved(door.address(), door.port()),
              metrics,
              clock));
    } catch (IOException e) {
      throw new StartException(
          1, "accessLog, traces: a file of the configuration cannot be used: " + e);
    }
  }

  private LocalFairlead fairlead(Parts parts, Telemetry telemetry, ParseResult resources) {
    Program program = new Program(() -> engine(parts.machine()));
    if (Resources.needsEngine(resources.resources())) {
      var _ = program.get();
    }
    LocalFairlead fairlead =
        made(
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

  private static LocalFairlead made(LocalFairlead.Settings settings) {
    try {
      return new LocalFairlead(settings);
    } catch (UnfitRedisException e) {
      throw new StartException(1, "limits.redis: " + e.getMessage());
    } catch (TlsException e) {
      throw untrusting(e);
    }
  }

  private static ClientTls toServers(Servers servers) {
    try {
      return servers.tls();
    } catch (TlsException e) {
      throw untrusting(e);
    }
  }

  private static StartException untrusting(TlsException cause) {
    return new StartException(2, "servers.authoritiesFile: " + cause.getMessage());
  }

  /// Closed last: what is settled until the end is still written.
  private UsageLedger usage(
      LiveConfiguration configuration, StateFolder state, PrometheusRegistry metrics) {
    try {
      return Ledgers.open(
          configuration.get(Ledger.SECTION),
          new Ledgers.Surroundings(state.path(), System.getenv(), metrics, clock, random));
    } catch (LedgerException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  private List<String> engine(Machine machine) {
    EngineProgram program = machine.engine();
    if (program.kind() == Kind.WHEEL || program.kind() == Kind.BUILT) {
      // Those are built for the CPU; what the user brought may use the GPU.
      GpuProbe.ofThisMachine().find().ifPresent(gpu -> out.println("gpu: " + gpu.unused()));
    }
    return program.command();
  }

  /// The engine's command, fetched once, when it is first needed: servers elsewhere need none.
  private static final class Program implements Supplier<List<String>> {
    private final Supplier<List<String>> source;
    private List<String> command = List.of();

    Program(Supplier<List<String>> source) {
      this.source = source;
    }

    @Override
    public synchronized List<String> get() {
      if (command.isEmpty()) {
        command = source.get();
      }
      return command;
    }
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

  private static Listeners listen(
      LocalFairlead fairlead, PrometheusRegistry metrics, Listeners.Doors doors) {
    try {
      return Listeners.start(fairlead, metrics, doors);
    } catch (ListenException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  private Tokens keys(StateFolder state) {
    ApiKey key = obtained(state);
    out.println(
        key.fresh()
            .map(fresh ->
                ("key: %s%n     made just now and shown only this once; clients send"
                        + " `Authorization: Bearer KEY`")
                    .formatted(fresh))
            .orElseGet(() ->
                "key: the one of %s; delete %s to get a new one"
                    .formatted(key.created(), key.file())));
    return key.tokens();
  }

  private static KeyStore tenantKeys(StateFolder state) {
    try {
      return KeyStore.open(state);
    } catch (IllegalStateException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  private ApiKey obtained(StateFolder state) {
    try {
      return ApiKey.obtain(state, clock, random);
    } catch (IllegalStateException e) {
      throw new StartException(1, String.valueOf(e.getMessage()));
    }
  }

  private static String url(String scheme, Listen door) {
    boolean here =
        Listeners.Doors.isLoopback(door.address()) || Listeners.Doors.isWildcard(door.address());
    return "%s://%s:%d".formatted(scheme, here ? "127.0.0.1" : door.address(), door.port());
  }

  /// What runs until the end.
  private record Serving(
      Listeners listeners, Instances.Registration registration, ConfigurationEdits edits) {}

  /// Serves until Ctrl-C or SIGTERM, then drains; another one ends everything at once.
  private int serve(LocalFairlead fairlead, Wanted wanted, Serving serving) {
    CountDownLatch stop = new CountDownLatch(1);
    Runnable signalled =
        () -> {
          if (stop.getCount() == 0) {
            try {
              serving.registration().close();
            } finally {
              // Engines end with this process: their watchers see its end of the pipe close.
              Runtime.getRuntime().halt(INTERRUPTED);
            }
          }
          stop.countDown();
        };
    try (Interrupts.Handling _ = Interrupts.ofThisProcess().handle(signalled);
        Interrupts.Handling _ = Interrupts.terminate(signalled)) {
      await(stop, fairlead, wanted, serving.edits());
      return drain(fairlead, serving.listeners());
    }
  }

  private void await(
      CountDownLatch stop, LocalFairlead fairlead, Wanted wanted, ConfigurationEdits edits) {
    try {
      while (!stop.await(1, TimeUnit.SECONDS)) {
        look(fairlead, wanted, edits);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever is wrong with an edit, what runs goes on.
  private void look(LocalFairlead fairlead, Wanted wanted, ConfigurationEdits edits) {
    try {
      edits.look();
      wanted.changed().ifPresent(now -> reload(fairlead, now));
    } catch (RuntimeException e) {
      err.printf("the edit was not taken, this is a defect of Fairlead: %s%n", e);
    }
  }

  private void reload(LocalFairlead fairlead, ParseResult now) {
    List<Problem> problems = fairlead.files(now);
    problems.forEach(problem -> err.println(problem.text()));
    boolean refused = problems.stream().anyMatch(Problem::isError);
    fairlead
        .journal()
        .note(
            new Note(
                refused ? Note.Severity.WARNING : Note.Severity.NORMAL,
                refused ? "EditRefused" : "EditTaken",
                "files",
                refused
                    ? "the edit has errors; what ran before goes on"
                    : "%d resources".formatted(now.resources().size())));
  }

  private int drain(LocalFairlead fairlead, Listeners listeners) {
    Duration limit = fairlead.configuration().get(Timeouts.SECTION).drain();
    listeners.stopAccepting();
    say(
        "\nStopping: no new requests, up to %d s for what is running. Ctrl-C again stops at once."
            .formatted(limit.toSeconds()));
    long end = System.nanoTime() + limit.toNanos();
    boolean drained = listeners.awaitDrained(limit);
    fairlead.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    listeners.close();
    say(drained ? "Stopped." : "Stopped; what still ran after the limit was cut.");
    return 0;
  }

  /// Prints, for at most a second: a pipe that nobody reads must not keep Fairlead from stopping.
  private void say(String text) {
    Thread printer = Thread.ofPlatform().daemon().name("terminal").start(() -> out.println(text));
    try {
      printer.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
