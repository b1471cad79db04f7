package dev.fairlead.app.config;

import dev.fairlead.dataplane.tls.Authorities;
import dev.fairlead.dataplane.tls.ClientTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What servers elsewhere must show that stand in the place of engines.
///
/// @param authoritiesFile whose certificates sign those of servers, beside those that the JVM knows
public record Servers(Optional<Path> authoritiesFile) {
  private static final Option<Path> AUTHORITIES =
      Option.of(
              "authoritiesFile",
              OptionTypes.file(),
              "PEM: private authorities that sign the certificates of `https` servers, trusted beside"
                  + " those of the JVM's trust store. A server's own certificate will do too.")
          .otherwise("the JVM's trust store");

  /// The section `servers`.
  public static final Section<Servers> SECTION =
      Section.of(
          "servers",
          "Which servers elsewhere are trusted; see operations/servers.md.",
          List.of(AUTHORITIES),
          values -> new Servers(values.find(AUTHORITIES)));

  /// What connections to servers need.
  ///
  /// @throws dev.fairlead.dataplane.tls.TlsException when the file cannot be used; its message says
  ///   why
  public ClientTls tls() {
    return ClientTls.trusting(
        authoritiesFile.map(Authorities::ofJvmAnd).orElseGet(Authorities::ofJvm));
  }
}
