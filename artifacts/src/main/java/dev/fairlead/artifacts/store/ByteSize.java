package dev.fairlead.artifacts.store;

import java.util.Locale;

/// Writes a number of bytes for people, in decimal units as disks and downloads are sold.
public final class ByteSize {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private ByteSize() {}

  /// Such as `98.4 MB`.
  public static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1000) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
