-- A gateway says that it lives, and learns how many do and which accounts have changed.
-- KEYS: living gateways, active tenants
-- ARGV: the gateway, ms that it counts as living, since when to tell changes, the prefix of accounts,
--   ms to keep an account that rests, accounts to tell at most
-- Answers: now, until when changes are told, living gateways, then tenant and account for each change
local gateways, active = KEYS[1], KEYS[2]
local lives, since, prefix = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZREMRANGEBYSCORE', gateways, '-inf', now)
redis.call('ZADD', gateways, now + lives, ARGV[1])
redis.call('PEXPIRE', gateways, 2 * lives)
redis.call('ZREMRANGEBYSCORE', active, '-inf', now - tonumber(ARGV[5]))

local most = tonumber(ARGV[6])
local changed =
  redis.call('ZRANGEBYSCORE', active, since, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
local answer = {now, now, redis.call('ZCARD', gateways)}
if #changed == 2 * most then
  answer[2] = tonumber(changed[#changed])
end
for i = 1, #changed, 2 do
  answer[#answer + 1] = changed[i]
  answer[#answer + 1] = redis.call('HGETALL', prefix .. changed[i])
end
return answer
