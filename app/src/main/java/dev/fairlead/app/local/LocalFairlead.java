package dev.fairlead.app.local;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.api.ResolvedResources;
import dev.fairlead.app.config.Failures;
import dev.fairlead.app.config.Ledger;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.config.Requests;
import dev.fairlead.app.config.Servers;
import dev.fairlead.app.config.SharedLimits;
import dev.fairlead.app.control.Installation;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.app.journal.Samples;
import dev.fairlead.app.tenant.KeyStore;
import dev.fairlead.app.tenant.Keyring;
import dev.fairlead.app.tenant.Upkeep;
import dev.fairlead.artifacts.ModelStore;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.model.VersionSpec;
import dev.fairlead.core.place.HostFit;
import dev.fairlead.core.plan.Preparation;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.dataplane.agent.AgentRuntime;
import dev.fairlead.dataplane.gateway.Gateway;
import dev.fairlead.dataplane.gateway.GatewayOptions;
import dev.fairlead.dataplane.gateway.RequestSink;
import dev.fairlead.dataplane.gateway.TenantKeys;
import dev.fairlead.dataplane.gateway.UsageSink;
import dev.fairlead.dataplane.net.ClientOptions;
import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.tls.ClientTls;
import dev.fairlead.engines.catalogue.EngineCatalogue;
import dev.fairlead.engines.host.HostResources;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Everything of Fairlead that runs on one machine but its listeners: the gateway, the control loop
/// and the replicas. Start it once, close it once; everything between may be called from any
/// thread.
public final class LocalFairlead implements AutoCloseable {
  /// llama.cpp closes a connection that was idle for 5 s. An engine on the same machine cannot
  /// vanish unseen, but it may be too busy to read.
  private static final ClientOptions TO_ENGINES =
      new ClientOptions(
          16, Duration.ofSeconds(4), Duration.ofSeconds(1), 64 << 10, Duration.ofSeconds(60));

  private final EventLoops loops;
  private final EventLoops agentLoop;
  private final HttpClient client;
  private final HttpClient agentClient;
  private final ScheduledExecutorService timer;
  private final Journal journal;
  private final DesiredState desired;
  private final Preparer preparer;
  private final LocalExecutor executor;
  private final LimitStore limits;
  private final Gateway gateway;
  private final ControlLoop loop;
  private final LocalInstallation installation;
  private final TenantKeys tenantKeys;
  private final Upkeep upkeep;
  private final LiveConfiguration configuration;
  private final Signal signal = new Signal();

  /// How it runs.
  ///
  /// @param program how the engine is started, before its arguments; asked for when a model needs
  ///   it
  /// @param modelsDirectory what stands for `/models` in the user's YAML
  /// @param secretsDirectory holds the secrets that resources name
  /// @param controlUrl where the control interface will listen, for the console
  /// @param random a `SecureRandom`, but in tests: it makes keys
  /// @param sinks are told of every settled request
  /// @param usage gets every settled request; closed by whoever opened it
  public record Settings(
      String version,
      Supplier<List<String>> program,
      Optional<Path> modelsDirectory,
      Optional<Path> secretsDirectory,
      Path workingDirectory,
      String controlUrl,
      ModelStore models,
      PrometheusRegistry metrics,
      InstantSource clock,
      RandomGenerator random,
      LiveConfiguration configuration,
      KeyStore keys,
      List<RequestSink> sinks,
      UsageLedger usage) {}

  /// @throws dev.fairlead.dataplane.tls.TlsException when the file of authorities cannot be used
  public LocalFairlead(Settings settings) {
    InstantSource clock = settings.clock();
    RandomGenerator random = settings.random();
    configuration = settings.configuration();
    ClientTls toServers = configuration.get(Servers.SECTION).tls();
    int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    loops = EventLoops.start(threads, "gateway");
    agentLoop = EventLoops.start(1, "agent");
    client = new HttpClient(ClientOptions.defaults(), loops);
    agentClient = new HttpClient(TO_ENGINES, agentLoop, toServers);
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("timer").factory());
    journal = new Journal(clock);
    tenantKeys = new TenantKeys(clock);
    Keyring keyring =
        new Keyring(new Keyring.Parts(settings.keys(), tenantKeys, journal, clock, random));
    upkeep = new Upkeep(keyring);
    desired =
        new DesiredState(settings.modelsDirectory(), settings.workingDirectory(), keyring::tenants);
    EngineCatalogue catalogue = EngineCatalogue.load();
    String agentToken = newToken(random);
    LocalRoutes routes = new LocalRoutes();
    preparer =
        new Preparer(
            new FilesAndEngine(settings.models()::obtain, settings.program()),
            catalogue,
            journal,
            clock,
            signal::raise);
    executor =
        new LocalExecutor(
            new LocalExecutor.Machinery(
                new AgentRuntime(agentLoop, agentClient, clock, random),
                agentToken,
                catalogue,
                settings.program(),
                new Secrets(settings.secretsDirectory())),
            new LocalReplica.Parts(journal, clock, random, timer, signal::raise),
            preparer);
    limits =
        LimitStores.open(
            configuration.get(SharedLimits.SECTION),
            settings.usage(),
            new LimitStores.Surroundings(
                loops, settings.metrics(), clock, random, System.getenv()));
    gateway =
        new Gateway(
            GatewayOptions.defaults(agentToken)
                .withResilience(configuration.get(Failures.SECTION).resilience())
                .withLimits(() -> configuration.get(Requests.SECTION).content()),
            new Gateway.Wiring(
                loops,
                client,
                routes,
                settings.metrics(),
                clock,
                random,
                signal::raise,
                limits,
                Stream.concat(settings.sinks().stream(), Stream.of(new UsageSink(settings.usage())))
                    .toList()));
    loop =
        new ControlLoop(
            new ControlLoop.Parts(
                desired,
                preparer,
                executor,
                routes,
                gateway.demand(),
                journal,
                clock,
                signal,
                this::reported));
    Samples samples = new Samples();
    Sampler sampler = new Sampler(loop::latest, gateway::stats, samples, clock);
    Overview.Identity identity =
        new Overview.Identity(settings.version(), newToken(random), settings.controlUrl());
    Overview overview = new Overview(identity, gateway::stats, sampler::rates, clock);
    installation =
        new LocalInstallation(
            new LocalInstallation.Parts(
                desired,
                executor,
                loop,
                () ->
                    overview
                        .json(loop.latest(), executor.replicas())
                        .set("tenants", TenantOverview.json(keyring.summaries()))
                        .toString(),
                keyring,
                gateway.recent(),
                request -> usage(settings.usage(), request.query(clock.instant())),
                journal,
                samples,
                clock,
                signal));
    var _ = timer.scheduleAtFixedRate(sampler, 1, 1, TimeUnit.SECONDS);
    upkeep.start(timer);
  }

  /// Takes what the files say; with an error nothing changes, and the problems are the result.
  public List<Problem> files(ParseResult now) {
    List<Problem> problems = desired.files(now);
    signal.raise();
    return problems;
  }

  /// What is to be served as things are.
  public ResolvedResources resolved() {
    return desired.snapshot().resolved();
  }

  /// Brings the files of a version before anything else, showing the progress.
  public Preparation prepare(VersionSpec version, Progress progress) {
    return preparer.prepareNow(version, progress);
  }

  /// Why no replica of these files fits into this machine's memory now; empty when one does.
  public Optional<String> shortage(Preparation.Prepared prepared) {
    HostResources host = HostResources.now();
    return new HostFit(host.cores(), host.memoryAvailable()).shortage(prepared.replicaBytes());
  }

  public void start() {
    loop.start();
  }

  public EventLoops loops() {
    return loops;
  }

  public Gateway gateway() {
    return gateway;
  }

  /// The keys of tenants, for the public door.
  public TenantKeys tenantKeys() {
    return tenantKeys;
  }

  /// For what happens later; nothing on it may take long.
  public ScheduledExecutorService timer() {
    return timer;
  }

  public Installation installation() {
    return installation;
  }

  public LiveConfiguration configuration() {
    return configuration;
  }

  public Journal journal() {
    return journal;
  }

  /// Ends every engine now, whatever runs.
  public void kill() {
    executor.killAll();
  }

  /// Stops deciding, lets running requests finish up to `limit`, ends the engines.
  public void stop(Duration limit) {
    loop.close();
    executor.close(limit);
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
    timer.shutdownNow();
    upkeep.close();
    gateway.close();
    limits.close();
    client.close();
    agentClient.close();
    loops.close();
    agentLoop.close();
  }

  private UsageReport usage(UsageLedger ledger, UsageQuery query) {
    return UsageReport.of(
        query, ledger.sums(query.alsoByModel()), configuration.get(Ledger.SECTION).prices());
  }

  private void reported() {
    installation.reported();
  }

  private static String newToken(RandomGenerator random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
