package dev.fairlead.core.model;

import static java.util.Objects.requireNonNull;

/// What a model's files turned out to be, read from their headers before anything runs.
///
/// @param path the verified local path that an engine opens
/// @param architecture the family as the file names it, such as `llama` or `bert`
/// @param parameters how many weights, 0 where the header does not tell
/// @param bytes the size of the files
/// @param contextLength the longest sequence that the model was trained for, in tokens
/// @param kvBytesPerToken the KV cache of one token at 16 bits, 0 for a model without one
/// @param digest `sha256:` and 64 hex digits where the content was verified, else empty
public record Artifact(
    String path,
    Format format,
    Purpose purpose,
    String architecture,
    long parameters,
    long bytes,
    int contextLength,
    long kvBytesPerToken,
    String digest) {

  /// The layout of the files.
  public enum Format {
    GGUF,
    SAFETENSORS,
    /// No files here: a server elsewhere has them.
    UPSTREAM
  }

  /// What a model is asked for.
  public enum Purpose {
    CHAT,
    EMBEDDING,
    /// Only the server that runs it knows.
    ANY
  }

  /// What stands for the files of a model that a server runs elsewhere.
  public static Artifact upstream(String baseUrl) {
    return new Artifact(baseUrl, Format.UPSTREAM, Purpose.ANY, "upstream", 0, 0, 0, 0, "");
  }

  public Artifact {
    Checks.nonBlank(path, "path");
    requireNonNull(format, "format is null");
    requireNonNull(purpose, "purpose is null");
    Checks.nonBlank(architecture, "architecture");
    Checks.nonNegative(parameters, "parameters");
    Checks.nonNegative(bytes, "bytes");
    Checks.nonNegative(contextLength, "contextLength");
    Checks.nonNegative(kvBytesPerToken, "kvBytesPerToken");
    requireNonNull(digest, "digest is null");
  }
}
