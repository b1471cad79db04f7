package dev.fairlead.lab.harness;

/// A command that has ended.
public record Finished(int exitCode, String out, String err) {
  /// Both outputs, for messages of tests.
  public String all() {
    return out + "\n" + err;
  }
}
