/// Every decision of Fairlead, without a clock, a thread, a log, I/O or randomness of its own.
module dev.fairlead.core {
  exports dev.fairlead.core.model;
  exports dev.fairlead.core.route;
}
