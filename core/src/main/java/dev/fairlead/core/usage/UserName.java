package dev.fairlead.core.usage;

/// Makes what a client says of its user fit for a ledger: bounded, one line, storable everywhere
/// (PostgreSQL takes no NUL).
public final class UserName {
  /// In characters as Unicode counts them.
  public static final int LONGEST = 256;

  private UserName() {}

  /// Without control characters and lone surrogates, and without blanks at its ends; the rest is
  /// cut.
  public static String clean(String told) {
    if (told.isEmpty()) {
      return told;
    }
    StringBuilder clean = new StringBuilder(Math.min(told.length(), LONGEST));
    told.codePoints().filter(UserName::storable).limit(LONGEST).forEach(clean::appendCodePoint);
    return clean.toString().strip();
  }

  private static boolean storable(int point) {
    int type = Character.getType(point);
    return type != Character.CONTROL
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
