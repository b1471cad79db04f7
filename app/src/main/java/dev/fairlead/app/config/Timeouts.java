package dev.fairlead.app.config;

import dev.fairlead.dataplane.net.ServerTimeouts;
import java.time.Duration;
import java.util.List;

/// How long clients of the public door may take, and how long Fairlead waits for them at its end.
///
/// @param drain how long running requests may go on after SIGTERM
public record Timeouts(ServerTimeouts server, Duration drain) {
  private static final ServerTimeouts SERVER = ServerTimeouts.defaults();
  private static final Duration HOUR = Duration.ofHours(1);

  private static final Option<Duration> HEAD =
      option("head", "From the first byte of a request to the end of its headers; then 408.")
          .byDefault(SERVER.header());
  private static final Option<Duration> BODY =
      option("body", "From the end of the headers to the end of the body; then 408.")
          .byDefault(SERVER.body());
  private static final Option<Duration> IDLE =
      option("idle", "Without a request on a connection; then it is closed.")
          .byDefault(SERVER.idle());
  private static final Option<Duration> STALL =
      option("stall", "How long a client may read nothing of an answer; then it is cut off.")
          .byDefault(SERVER.stall());
  private static final Option<Duration> DRAIN =
      option("drain", "How long running requests may go on after SIGTERM or Ctrl-C.")
          .byDefault(Duration.ofSeconds(30));

  /// The section `timeouts`.
  public static final Section<Timeouts> SECTION =
      Section.of(
          "timeouts",
          "How long clients may take. None of them limits how long an answer may last.",
          List.of(HEAD, BODY, IDLE, STALL, DRAIN),
          values ->
              new Timeouts(
                  new ServerTimeouts(
                      values.get(HEAD), values.get(BODY), values.get(IDLE), values.get(STALL)),
                  values.get(DRAIN)));

  private static Option<Duration> option(String key, String doc) {
    return Option.of(key, OptionTypes.duration(Duration.ofMillis(100), HOUR), doc).whileRunning();
  }
}
