package dev.fairlead.lab.wire;

/// What a {@link DataPlaneProgram} holds. Its whole heap is resident from the start, so that what
/// it takes outside of the heap shows as resident memory and nothing is counted twice.
///
/// @param heap bytes in use after a collection
/// @param resident bytes
/// @param connections of clients
/// @param inFlight requests
record Held(long heap, long resident, int connections, int inFlight) {
  static Held parse(String line) {
    String[] numbers = line.split(" ", -1);
    return new Held(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Integer.parseInt(numbers[2]),
        Integer.parseInt(numbers[3]));
  }

  /// How many bytes more this is.
  long moreThan(Held before) {
    return heap - before.heap + resident - before.resident;
  }
}
