package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Where the files of a model version come from.
public sealed interface ModelSource {

  /// A file or folder that is there already; the path is absolute once the resource has been
  /// resolved.
  record LocalPath(String path) implements ModelSource {
    public LocalPath {
      Checks.nonBlank(path, "path");
    }
  }

  /// Something to fetch. `sha256` is 64 lower-case hex digits; `secretRef` names the secret with
  /// the credentials.
  record Remote(
      String uri, Optional<String> revision, Optional<String> sha256, Optional<String> secretRef)
      implements ModelSource {
    public Remote {
      Checks.nonBlank(uri, "uri");
      requireNonNull(revision, "revision is null");
      requireNonNull(sha256, "sha256 is null");
      requireNonNull(secretRef, "secretRef is null");
    }
  }
}
