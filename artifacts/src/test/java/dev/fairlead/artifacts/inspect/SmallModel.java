package dev.fairlead.artifacts.inspect;

/// The smallest sound chat model, for tests of other packages.
public final class SmallModel {
  private SmallModel() {}

  public static byte[] bytes() {
    return GgufFile.llama().tensor("token_embd.weight", 8, 8).bytes();
  }
}
