package dev.fairlead.app.config;

import java.util.List;

/// Where the public door is. `--listen` and `--port` win.
public record Listen(String address, int port) {
  private static final Option<String> ADDRESS =
      Option.of(
              "address",
              OptionTypes.text(),
              "The address to listen on; another than loopback asks clients for a key. `--listen`"
                  + " wins.")
          .byDefault("127.0.0.1");
  private static final Option<Integer> PORT =
      Option.of(
              "port",
              OptionTypes.whole(1, 65_535),
              "Where the OpenAI API and the console listen. `--port` wins.")
          .byDefault(8080);

  /// The section `listen`.
  public static final Section<Listen> SECTION =
      Section.of(
          "listen",
          "The public door.",
          List.of(ADDRESS, PORT),
          values -> new Listen(values.get(ADDRESS), values.get(PORT)));
}
