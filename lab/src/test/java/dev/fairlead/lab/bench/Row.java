package dev.fairlead.lab.bench;

import java.util.OptionalDouble;

/// A kind of work that is compared. Immutable.
///
/// @param load what is measured, bounded by requests and by time
/// @param warmUp what ours does of it before
/// @param perEvent whether costs are told for an event of a stream, else for a request
/// @param bar how many times nginx's processor time it may take; empty where nothing is promised
record Row(String name, Load load, Load warmUp, boolean perEvent, OptionalDouble bar) {
  private static final int WARM_UP_SECONDS = 5;

  /// Work that is measured as it is, with as much of it before.
  static Row of(String name, Load load) {
    return new Row(name, load, load, load.ask().stream(), OptionalDouble.empty());
  }

  /// The same after so many requests, if they take no longer than 5 s.
  Row warmedBy(int requests) {
    return warmedBy(requests, WARM_UP_SECONDS);
  }

  /// The same after so many requests, if they take no longer than that.
  Row warmedBy(int requests, int seconds) {
    return new Row(name, load, load.bounded(requests, seconds), perEvent, bar);
  }

  /// The same with a bar.
  Row within(double timesOfNginx) {
    return new Row(name, load, warmUp, perEvent, OptionalDouble.of(timesOfNginx));
  }

  int unitsPerRequest() {
    return perEvent ? load.ask().events() : 1;
  }

  String unit() {
    return perEvent ? "an event" : "a request";
  }
}
