package dev.fairlead.app.config;

import java.util.List;

/// The list of all sections: what is not here cannot be configured.
final class Sections {
  static final List<Section<?>> ALL =
      List.of(
          // In the order of the reference page.
          Listen.SECTION,
          Tls.SECTION,
          Cors.SECTION,
          Requests.SECTION,
          Timeouts.SECTION,
          Failures.SECTION,
          Servers.SECTION,
          SharedLimits.SECTION,
          AccessLogging.SECTION,
          Traces.SECTION,
          Ledger.SECTION);

  private Sections() {}
}
