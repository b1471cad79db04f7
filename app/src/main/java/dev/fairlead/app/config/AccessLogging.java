package dev.fairlead.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the access log goes; nowhere unless asked.
///
/// @param standardOutput whether to standard output instead of a file
public record AccessLogging(Optional<Path> file, boolean standardOutput) {
  private static final Option<Path> FILE =
      Option.of(
              "file",
              OptionTypes.file(),
              "A line of JSON for each request is appended to it. It may be renamed to rotate it.")
          .otherwise("no access log");
  private static final Option<Boolean> STANDARD_OUTPUT =
      Option.of("standardOutput", OptionTypes.flag(), "The same to standard output instead.")
          .byDefault(false);

  /// The section `accessLog`.
  public static final Section<AccessLogging> SECTION =
      Section.of(
          "accessLog",
          "A record of each request, without anything of its content; see operations/requests.md.",
          List.of(FILE, STANDARD_OUTPUT),
          values -> new AccessLogging(values.find(FILE), values.get(STANDARD_OUTPUT)));

  public AccessLogging {
    if (standardOutput && file.isPresent()) {
      throw new IllegalArgumentException("`file` and `standardOutput` exclude each other");
    }
  }
}
