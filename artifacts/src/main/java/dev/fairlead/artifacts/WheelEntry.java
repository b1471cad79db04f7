package dev.fairlead.artifacts;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.PackagePin;

/// One file within a wheel, written `pypi:NAME==VERSION#ENTRY`.
record WheelEntry(PackagePin pin, String entry) {
  private static final String SCHEME = "pypi:";

  WheelEntry {
    requireNonNull(pin, "pin is null");
    requireNonNull(entry, "entry is null");
  }

  static WheelEntry parse(String uri) {
    int hash = uri.indexOf('#');
    if (!uri.startsWith(SCHEME) || hash < 0 || hash == uri.length() - 1) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "not a file of a Python package: '%s'; write pypi:NAME==VERSION#ENTRY".formatted(uri));
    }
    return new WheelEntry(
        PackagePin.parse(uri.substring(SCHEME.length(), hash)), uri.substring(hash + 1));
  }
}
