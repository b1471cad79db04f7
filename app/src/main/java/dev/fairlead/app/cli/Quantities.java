package dev.fairlead.app.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/// Writes numbers as people read them. Every method is a function of its arguments.
final class Quantities {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] DECIMAL = {"", "K", "M", "B", "T"};

  private Quantities() {}

  /// Bytes, such as `94 MiB`.
  static String bytes(long bytes) {
    return scaled(bytes, 1024, BINARY, " ");
  }

  /// A count of parameters, such as `135M`; nothing when it is not known.
  static String parameters(long count) {
    return count <= 0 ? "" : scaled(count, 1000, DECIMAL, "");
  }

  private static String scaled(long value, int step, String[] units, String gap) {
    double rest = value;
    int unit = 0;
    while (rest >= step - 0.5 && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    String digits =
        unit == 0 || rest >= 9.95
            ? String.format(Locale.ROOT, "%.0f", rest)
            : String.format(Locale.ROOT, "%.1f", rest);
    return digits + gap + units[unit];
  }

  /// A rate, such as `61.2`; `-` for none.
  static String rate(double perSecond) {
    return perSecond <= 0 ? "-" : String.format(Locale.ROOT, "%.1f", perSecond);
  }

  /// A short time, such as `0.1 ms`, `210 ms` or `1.2 s`.
  static String millis(double millis) {
    if (millis > 0 && millis < 9.95) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    return millis < 1000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }

  /// An amount of money: two digits after the point, more while it is small.
  static String amount(BigDecimal amount) {
    int digits = amount.signum() == 0 || amount.compareTo(BigDecimal.ONE) >= 0 ? 2 : 6;
    return String.format(Locale.ROOT, "%,." + digits + "f", amount);
  }

  /// An age, in its largest unit: `42s`, `7m`, `3h`, `12d`.
  static String age(Duration age) {
    if (age.toDays() >= 2) {
      return age.toDays() + "d";
    }
    if (age.toHours() >= 2) {
      return age.toHours() + "h";
    }
    return age.toMinutes() >= 2 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
  }
}
