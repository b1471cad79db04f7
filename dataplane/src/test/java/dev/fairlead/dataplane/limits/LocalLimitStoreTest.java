package dev.fairlead.dataplane.limits;

import dev.fairlead.core.admit.LimitStore;
import dev.fairlead.core.admit.OpeningBalance;
import dev.fairlead.core.admit.WindowShape;
import java.time.InstantSource;

final class LocalLimitStoreTest implements LimitStoreContract {
  @Override
  public LimitStore store(WindowShape shape, OpeningBalance opening) {
    return new LocalLimitStore(InstantSource.system(), shape, opening);
  }
}
