package dev.fairlead.app.local;

import dev.fairlead.app.journal.Sample;
import dev.fairlead.app.journal.Samples;
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

/// Takes one sample a second of what the gateway counted. Run by one thread; the rates may be read
/// by any.
final class Sampler implements Runnable {
  /// A replica's share of a second that is shown as a rate.
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

  @Override
  public void run() {
    ControlLoop.Round round = latest.get();
    Instant now = clock.instant();
    Map<String, Double> generated = new HashMap<>();
    Map<String, Double> prompt = new HashMap<>();
    Map<String, Sample.OfModel> models = new LinkedHashMap<>();
    for (Route route : round.plan().routes().routes()) {
      for (VersionRoute version : route.versions()) {
        String name = version.version();
        VersionStats.Totals totals = stats.apply(name).totals();
        VersionStats.Totals last = before.getOrDefault(name, totals);
        before.put(name, totals);
        long newGenerated = totals.generatedTokens() - last.generatedTokens();
        long newPrompt = totals.promptTokens() - last.promptTokens();
        generated.put(name, smooth(rates.generatedBy().getOrDefault(name, 0.0), newGenerated));
        prompt.put(name, smooth(rates.promptBy().getOrDefault(name, 0.0), newPrompt));
        models.put(route.servedName(), sample(round, name, newGenerated, newPrompt, now));
      }
    }
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
