-- Ends a reservation: frees its place, and corrects its tokens to what was taken. Does nothing the
-- second time, or when the lease has run out.
-- ARGV, from 5: the reservation's id, when it was made, tokens reserved, tokens taken
local id, at, reserved, taken = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])

if redis.call('ZREM', leases, id) == 0 then
  return {0}
end
local more = taken - reserved
if more > 0 then
  change('t', newest, more)
  dayUsed = dayUsed + more
elseif more < 0 then
  local bucket = math.min(math.floor(at / width), newest)
  if bucket >= newest - buckets then
    change('t', bucket, more)
  end
  if math.floor(at / 86400000) == today then
    dayUsed = math.max(0, dayUsed + more)
  end
end
save()
return {1}
