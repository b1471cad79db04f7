package dev.fairlead.app.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Says which Fairlead this is, as the build wrote it down.
public final class ProductVersion {
  private ProductVersion() {}

  /// The version, such as `0.1.0`.
  public static String current() {
    var properties = new Properties();
    try (InputStream in =
        ProductVersion.class.getResourceAsStream("/dev/fairlead/app/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
