package dev.fairlead.app.control;

import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceStatus;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.app.journal.Listening;
import dev.fairlead.app.journal.Samples;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.dataplane.gateway.RecentRequests;
import dev.fairlead.engines.process.LogRing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A running Fairlead as its doors see it. Safe for every thread; nothing blocks for long.
public interface Installation {
  /// A resource and what is to be said of it.
  record Described(Resource resource, ResourceStatus status) {}

  /// What became of the resources of an `apply`: a line for each that was taken, such as `Model
  /// chat created`, and what is wrong. With an error nothing was taken.
  record Applied(List<String> lines, List<Problem> problems) {
    public Applied {
      lines = List.copyOf(lines);
      problems = List.copyOf(problems);
    }
  }

  /// A refusal in words for the user.
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
      super(message);
    }
  }

  /// Every resource, Models first, Tenants last; the ModelVersions that Models made of their
  /// templates included.
  List<Described> resources();

  /// Takes the resources of a YAML or JSON text; all of them or none.
  Applied apply(String text, String fileName);

  /// Takes a resource away.
  ///
  /// @throws RefusedException when there is none of that name, or it is in use
  void delete(ResourceKey key);

  /// Pins the replicas of a Model's or ModelVersion's version, or lets them scale again.
  ///
  /// @return one line that says what is now
  /// @throws RefusedException when there is none of that name, or the count is out of bounds
  String scale(String name, OptionalInt replicas);

  /// The output of the engine of a version's latest replica (or of the replica of that id); of the
  /// run before the present one when `previous`.
  ///
  /// @throws RefusedException when there is no such version
  Optional<LogRing> log(String name, boolean previous);

  /// Everything at a glance, as the console and `fairlead get` show it, in JSON.
  String overview();

  /// Calls `changed` when the overview may have changed, at most a few times a second.
  Listening onChange(Runnable changed);

  /// What was used, by groups, and what it costs.
  ///
  /// @throws UsageLedger.UnavailableException when the ledger does not answer
  /// @throws UsageLedger.TooManyGroupsException when there are too many groups for one answer
  UsageReport usage(UsageRequest request);

  /// The keys of tenants.
  TenantKeyring tenantKeys();

  /// What became of the latest requests.
  RecentRequests requests();

  Journal journal();

  Samples samples();
}
