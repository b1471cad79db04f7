package dev.fairlead.ledger;

/// The ledger cannot be used as it is asked for, and trying again will not help: says what is wrong
/// and what to do.
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
