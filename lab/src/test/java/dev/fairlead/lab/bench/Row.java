package dev.fairlead.lab.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A kind of work that is compared. Immutable.
///
/// @param load what is measured, bounded by requests and by time
/// @param warmUp what ours does of it before
/// @param perEvent whether costs are told for an event of a stream, else for a request
/// @param contenders the names of those that do it
/// @param bars how many times that rival's processor time it may take; none where nothing is
///   promised
record Row(
    String name,
    Load load,
    Load warmUp,
    boolean perEvent,
    Set<String> contenders,
    Map<Proxy, Double> bars) {
  private static final int WARM_UP_SECONDS = 5;

  private static final Set<String> ALWAYS =
      Set.of(
          Contender.DIRECT,
          Proxy.NGINX.title(),
          Proxy.HAPROXY.title(),
          Contender.GATEWAY,
          Contender.FAIRLEAD);

  Row {
    contenders = Set.copyOf(contenders);
    bars = Map.copyOf(bars);
  }

  /// Work of the system's proxies and ours, which is measured as it is, with as much of it before.
  static Row of(String name, Load load) {
    return new Row(name, load, load, load.ask().stream(), ALWAYS, Map.of());
  }

  /// The same after so many requests, if they take no longer than 5 s.
  Row warmedBy(int requests) {
    return warmedBy(requests, WARM_UP_SECONDS);
  }

  /// The same after so many requests, if they take no longer than that.
  Row warmedBy(int requests, int seconds) {
    return new Row(name, load, load.bounded(requests, seconds), perEvent, contenders, bars);
  }

  /// The same with a bar.
  Row within(double times, Proxy rival) {
    Map<Proxy, Double> more = new HashMap<>(bars);
    more.put(rival, times);
    return new Row(name, load, warmUp, perEvent, contenders, more);
  }

  /// The same for these as well.
  Row alsoFor(Proxy... rivals) {
    return alsoFor(Stream.of(rivals).map(Proxy::title));
  }

  /// The same for the gateway with its limits in a Redis as well.
  Row alsoWithRedis() {
    return alsoFor(Stream.of(Contender.GATEWAY_WITH_REDIS));
  }

  private Row alsoFor(Stream<String> names) {
    Set<String> more = Stream.concat(contenders.stream(), names).collect(Collectors.toSet());
    return new Row(name, load, warmUp, perEvent, more, bars);
  }

  boolean isFor(Contender contender) {
    return contenders.contains(contender.name());
  }

  int unitsPerRequest() {
    return perEvent ? load.ask().events() : 1;
  }

  String unit() {
    return perEvent ? "an event" : "a request";
  }
}
