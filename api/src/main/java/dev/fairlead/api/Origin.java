package dev.fairlead.api;

/// Where a resource was read: its first line in `file`, counted from 1.
public record Origin(String file, int line, int column) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
