/// Every decision of Fairlead, without a clock, a thread, a log, I/O or randomness of its own.
module dev.fairlead.core {
  exports dev.fairlead.core.admit;
  exports dev.fairlead.core.model;
  exports dev.fairlead.core.place;
  exports dev.fairlead.core.plan;
  exports dev.fairlead.core.rollout;
  exports dev.fairlead.core.route;
  exports dev.fairlead.core.scale;
  exports dev.fairlead.core.usage;
}
