package dev.fairlead.app.config;

import dev.fairlead.dataplane.net.CrossOriginRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Which web pages may use the public door from a browser (CORS).
public record Cors(CrossOriginRule rule) {
  private static final Option<List<String>> ORIGINS =
      Option.of(
              "origins",
              OptionTypes.list(
                  OptionTypes.text(
                      "origin or `*`",
                      Cors::isOrigin,
                      "must be `*` or an origin such as https://chat.example.com, without a path")),
              "Web pages of these origins may call the API with a key of their own. Cookies play no"
                  + " part.")
          .byDefault(List.of())
          .otherwise("none but the console")
          .whileRunning();
  private static final Option<Duration> MAX_AGE =
      Option.of(
              "maxAge",
              OptionTypes.duration(Duration.ZERO, Duration.ofDays(1)),
              "How long a browser may remember the answer to a preflight.")
          .byDefault(Duration.ofMinutes(10))
          .whileRunning();

  /// The section `cors`.
  public static final Section<Cors> SECTION =
      Section.of(
          "cors",
          "Which web pages may use the public door.",
          List.of(ORIGINS, MAX_AGE),
          values ->
              new Cors(new CrossOriginRule(Set.copyOf(values.get(ORIGINS)), values.get(MAX_AGE))));

  private static boolean isOrigin(String text) {
    return text.equals("*") || text.matches("https?://([a-z0-9.-]+|\\[[0-9a-f:]+\\])(:\\d{1,5})?");
  }
}
