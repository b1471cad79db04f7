package dev.fairlead.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which Fairlead this is, as the build wrote it down.
public final class ProductVersion {
  private ProductVersion() {}

  public static String current() {
    Properties build = new Properties();
    try (InputStream file = ProductVersion.class.getResourceAsStream("build.properties")) {
      if (file != null) {
        build.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "unknown");
  }
}
