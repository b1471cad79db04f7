package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Where the files of a model version come from, or who runs it without any.
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

  /// Nothing to bring: a server with the OpenAI API runs the model elsewhere. `baseUrl` is where
  /// its `/models` and `/chat/completions` begin, without a slash at its end; `model` is what it
  /// calls the model; `secretRef` names the secret with its key.
  record Upstream(String baseUrl, String model, Optional<String> secretRef) implements ModelSource {
    public Upstream {
      Checks.nonBlank(baseUrl, "baseUrl");
      Checks.nonBlank(model, "model");
      requireNonNull(secretRef, "secretRef is null");
    }
  }
}
