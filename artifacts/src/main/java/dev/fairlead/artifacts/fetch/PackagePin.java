package dev.fairlead.artifacts.fetch;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One exact version of a package of the Python package index. The characters are restricted (PEP
/// 508, PEP 440) because both become an argument of pip.
public record PackagePin(String name, String version) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.!+_-]*");
  private static final Pattern PIN = Pattern.compile("(.+)==(.+)");

  public PackagePin {
    if (!NAME.matcher(requireNonNull(name, "name is null")).matches()
        || !VERSION.matcher(requireNonNull(version, "version is null")).matches()) {
      throw malformed(name + "==" + version);
    }
  }

  /// Reads `NAME==VERSION`.
  public static PackagePin parse(String text) {
    Matcher pin = PIN.matcher(text);
    if (!pin.matches()) {
      throw malformed(text);
    }
    return new PackagePin(pin.group(1), pin.group(2));
  }

  @Override
  public String toString() {
    return name + "==" + version;
  }

  private static ArtifactException malformed(String text) {
    return new ArtifactException(
        Category.UNSUPPORTED,
        "not an exact version of a package: '%s'; write NAME==VERSION".formatted(text));
  }
}
