package dev.fairlead.app.local;

import static java.util.stream.Collectors.toMap;

import dev.fairlead.app.journal.Sample;
import dev.fairlead.app.journal.Samples;
import dev.fairlead.core.model.ModelSpec;
import dev.fairlead.core.plan.Replica;
import dev.fairlead.core.route.Route;
import dev.fairlead.core.route.VersionRoute;
import dev.fairlead.core.scale.Demand;
import dev.fairlead.dataplane.gateway.VersionStats;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one sample a second of what the gateway counted. Run by one thread; the rates may be read
/// by any.
final class Sampler implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Sampler.class);

  /// How much the newest second counts in the rate that is shown.
  private static final double SMOOTHING = 0.4;

  private final Supplier<ControlLoop.Round> latest;
  private final Function<String, VersionStats> stats;
  private final Samples samples;
  private final InstantSource clock;
  private final Map<String, VersionStats.Totals> before = new HashMap<>();
  private volatile Rates rates = new Rates(Map.of(), Map.of());

  /// Tokens a second by version, smoothed over a few seconds.
  record Rates(Map<String, Double> generatedBy, Map<String, Double> promptBy) {
    Rates {
      generatedBy = Map.copyOf(generatedBy);
      promptBy = Map.copyOf(promptBy);
    }

    double generated(String version) {
      return rounded(generatedBy.getOrDefault(version, 0.0));
    }

    double prompt(String version) {
      return rounded(promptBy.getOrDefault(version, 0.0));
    }

    private static double rounded(double rate) {
      return Math.round(rate * 10) / 10.0;
    }
  }

  Sampler(
      Supplier<ControlLoop.Round> latest,
      Function<String, VersionStats> stats,
      Samples samples,
      InstantSource clock) {
    this.latest = latest;
    this.stats = stats;
    this.samples = samples;
    this.clock = clock;
  }

  Rates rates() {
    return rates;
  }

  /// A timer runs nothing again that has thrown.
  @Override
  public void run() {
    try {
      sample(latest.get());
    } catch (RuntimeException e) {
      log.error("no sample was taken", e);
    }
  }

  private void sample(ControlLoop.Round round) {
    Instant now = clock.instant();
    Map<String, Double> generated = new HashMap<>();
    Map<String, Double> prompt = new HashMap<>();
    Map<String, Sample.OfModel> models = new LinkedHashMap<>();
    Map<String, String> names =
        round.seen().models().stream()
            .collect(toMap(ModelSpec::servedName, ModelSpec::name, (first, _) -> first));
    for (Route route : round.plan().routes().routes()) {
      for (VersionRoute version : route.versions()) {
        String name = version.version();
        VersionStats.Totals totals = stats.apply(name).totals();
        VersionStats.Totals last = before.getOrDefault(name, totals);
        before.put(name, totals);
        // The counters of a version that was not routed for a while begin anew.
        long newGenerated = Math.max(0, totals.generatedTokens() - last.generatedTokens());
        long newPrompt = Math.max(0, totals.promptTokens() - last.promptTokens());
        generated.put(name, smooth(rates.generatedBy().getOrDefault(name, 0.0), newGenerated));
        prompt.put(name, smooth(rates.promptBy().getOrDefault(name, 0.0), newPrompt));
        String model = names.getOrDefault(route.servedName(), route.servedName());
        models.put(model, sample(round, name, newGenerated, newPrompt, now));
      }
    }
    before.keySet().retainAll(generated.keySet());
    rates = new Rates(generated, prompt);
    samples.add(new Sample(now, models));
  }

  private Sample.OfModel sample(
      ControlLoop.Round round, String version, long generated, long prompt, Instant now) {
    OptionalLong median =
        stats.apply(version).firstTokenQuantile(0.5, now.minus(Duration.ofSeconds(1)));
    Demand demand = round.seen().demand().getOrDefault(version, new Demand.Unknown());
    int ready =
        (int)
            round.seen().replicas().stream()
                .filter(replica -> replica.version().equals(version))
                .filter(replica -> replica.phase() instanceof Replica.Phase.Ready)
                .count();
    return demand instanceof Demand.Known known
        ? new Sample.OfModel(generated, prompt, median, known.inFlight(), known.waiting(), ready)
        : new Sample.OfModel(generated, prompt, median, 0, 0, ready);
  }

  private static double smooth(double before, long now) {
    double next = before + SMOOTHING * (now - before);
    return next < 0.05 ? 0 : next;
  }
}
