-- The beginning of every script about a tenant: its account, brought forward to this moment of Redis'
-- clock. The account is a hash: the newest bucket (b); of requests (r) and tokens (t) what counts in
-- all (rs, ts) and in each bucket (r29, t29); the day (d) and its tokens (dt). It is the sliding
-- window of core.admit, whose words it uses.
-- KEYS: account, leases of running requests, active tenants
-- ARGV: width of a bucket in ms, buckets of a window, tenant, ms to keep an account that rests
local account, leases, active = KEYS[1], KEYS[2], KEYS[3]
local width, buckets = tonumber(ARGV[1]), tonumber(ARGV[2])
local tenant, keep = ARGV[3], ARGV[4]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local today = math.floor(time[1] / 86400)
local newest = math.floor(now / width)

local head = redis.call('HMGET', account, 'b', 'rs', 'ts', 'd', 'dt')
local before = tonumber(head[1]) or newest
local used = {r = tonumber(head[2]) or 0, t = tonumber(head[3]) or 0}
local dayUsed = tonumber(head[4]) == today and tonumber(head[5]) or 0

-- The fields of one kind from one bucket to another.
local function fields(kind, from, to)
  local names = {}
  for bucket = from, to do
    names[#names + 1] = kind .. bucket
  end
  return names
end

local function counts(kind, from, to)
  return redis.call('HMGET', account, unpack(fields(kind, from, to)))
end

local function save()
  redis.call('HSET', account, 'b', newest, 'rs', used.r, 'ts', used.t, 'd', today, 'dt', dayUsed)
  redis.call('PEXPIRE', account, keep)
  redis.call('ZADD', active, now, tenant)
  redis.call('PEXPIRE', active, keep)
end

-- Changes a bucket that still counts; no count falls below zero.
local function change(kind, bucket, by)
  local count = tonumber(redis.call('HGET', account, kind .. bucket)) or 0
  local after = math.max(0, count + by)
  used[kind] = used[kind] + after - count
  redis.call('HSET', account, kind .. bucket, after)
end

if newest <= before then
  newest = before -- a clock that goes back counts as one that stands still
elseif newest - before > buckets then
  used = {r = 0, t = 0}
  redis.call('DEL', account)
  save()
else
  for _, kind in ipairs({'r', 't'}) do
    local from, to = before - buckets, newest - buckets - 1
    for _, count in ipairs(counts(kind, from, to)) do
      used[kind] = used[kind] - (tonumber(count) or 0)
    end
    redis.call('HDEL', account, unpack(fields(kind, from, to)))
  end
  redis.call('HSET', account, 'b', newest, 'rs', used.r, 'ts', used.t)
end
