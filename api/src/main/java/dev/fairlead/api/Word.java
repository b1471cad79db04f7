package dev.fairlead.api;

/// Lets an enum constant say how it is written in a resource, such as `BlueGreen`.
public interface Word {
  String word();
}
