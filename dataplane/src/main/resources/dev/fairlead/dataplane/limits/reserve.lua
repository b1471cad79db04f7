-- Decides about one request as core.admit.Account does, and books it when it fits.
-- ARGV, from 5: requests and tokens a window, concurrency, tokens a day (-1 does not limit), tokens
--   asked, the reservation's id, ms of its lease
-- Answers: 0 or the number of the limit that refuses, ms to wait (-1 when no time can be told), what
--   is left of the limit, now, requests used, ms until none counts, tokens used, ms until none counts
local limit = {r = tonumber(ARGV[5]), t = tonumber(ARGV[6])}
local concurrency, day, asked = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local id, lease = ARGV[10], tonumber(ARGV[11])
local REQUESTS, TOKENS, CONCURRENCY, DAY = 1, 2, 3, 4

local function untilForgotten(bucket)
  return math.max(0, (bucket + buckets + 1) * width - now)
end

local function wait(kind, amount)
  if limit[kind] < 0 or used[kind] + amount <= limit[kind] then
    return 0
  elseif amount > limit[kind] then
    return -1
  end
  local left = used[kind]
  for i, count in ipairs(counts(kind, newest - buckets, newest)) do
    left = left - (tonumber(count) or 0)
    if left + amount <= limit[kind] then
      return untilForgotten(newest - buckets + i - 1)
    end
  end
  return untilForgotten(newest)
end

local function reset(kind)
  if limit[kind] >= 0 and used[kind] > 0 then
    local all = counts(kind, newest - buckets, newest)
    for i = #all, 1, -1 do
      if (tonumber(all[i]) or 0) > 0 then
        return untilForgotten(newest - buckets + i - 1)
      end
    end
  end
  return 0
end

local function answer(verdict, retryAfter, left)
  return {verdict, retryAfter, left, now, used.r, reset('r'), used.t, reset('t')}
end

redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)

if day >= 0 and dayUsed + asked > day then
  return answer(DAY, (today + 1) * 86400000 - now, day - dayUsed)
end
local tokenWait, requestWait = wait('t', asked), wait('r', 1)
if tokenWait < 0 or (tokenWait > 0 and tokenWait >= requestWait) then
  return answer(TOKENS, tokenWait, limit.t - used.t)
elseif requestWait > 0 then
  return answer(REQUESTS, requestWait, 0)
elseif concurrency >= 0 and redis.call('ZCARD', leases) >= concurrency then
  return answer(CONCURRENCY, -1, 0)
end

change('r', newest, 1)
change('t', newest, asked)
dayUsed = dayUsed + asked
redis.call('ZADD', leases, now + lease, id)
redis.call('PEXPIRE', leases, 2 * lease)
save()
local forgotten = untilForgotten(newest)
return {0, -1, 0, now, used.r, forgotten, used.t, forgotten}
